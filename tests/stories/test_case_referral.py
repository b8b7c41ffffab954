"""A case is referred, the receiver stays silent, the coordinator helps, and the case is closed."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.stories import case_referral as said
from tests.stories.district import District
from tests.stories.people import DESKTOP, PHONE, PLAIN, TEAM, Device, People


@pytest.mark.parametrize(
    ("device", "district"),
    [(DESKTOP, "sqlite"), (PHONE, "postgresql"), (PLAIN, "sqlite")],
    ids=["desktop", "phone", "without JavaScript"],
    indirect=["district"],
)
def test_a_silent_receiver_is_reminded_and_escalated_and_the_case_still_ends_well(
    people_at: Callable[[Device], People], district: District, device: Device
) -> None:
    people = people_at(device)
    by_hand = device.javascript

    # A neighbour's worry becomes a case.
    number = people["resident"].reports_a_lead(said.lead())
    worker, supervisor = people["worker"], people["supervisor"]
    worker.does("受理线索", number, said.OPEN_LEAD, TEAM)
    worker.does("接案面谈", number, said.intake(by_hand))
    worker.does("预估", number, said.ASSESSMENT)
    worker.does("服务计划", number, said.service_plan(by_hand))
    supervisor.does("督导审核", number, said.PLAN_REVIEW, TEAM)
    worker.does("介入记录", number, said.SESSION)
    worker.does("阶段检视", number, said.STAGE_REVIEW)

    # It is referred to another organisation.
    worker.does("转介申请", number, said.REFERRAL_REQUEST)
    supervisor.does("督导批准", number, said.REFERRAL_APPROVAL, TEAM)
    receiver = people["receiver"]
    expect(receiver.entry("转入回复", number, TEAM)).to_contain_text("还剩 3 个工作日")

    # Nobody there answers: half of the time is gone, and they are reminded.
    district.clock_moves("+3wd")
    expect(receiver.messages(number).first).to_contain_text("转入回复")
    expect(receiver.entry("转入回复", number, TEAM)).to_contain_text("今天到期")

    # A day later it is overdue: yellow, and told to the supervisor and the coordinator.
    people["admin"].moves_the_clock("+1 个工作日")
    entry = receiver.entry("转入回复", number, TEAM)
    expect(entry).to_contain_text("逾期 1 天")
    expect(entry).to_contain_text("黄色")
    coordinator = people["coordinator"]
    for told in (supervisor, coordinator):
        expect(told.messages(number).first).to_contain_text("转入回复")

    # Silent still: the coordinator of the district has to act, and is late, too.
    district.clock_moves("+3wd")
    entry = coordinator.entry("区协调员协调", number, TEAM)
    expect(entry).to_contain_text("红色")
    expect(people["districthead"].messages(number).first).to_contain_text("区协调员协调")
    coordinator.does("区协调员协调", number, said.MORE_TIME, TEAM)

    # Now they accept, meet, begin to serve.
    receiver.does("转入回复", number, said.reply("2026-03-30"), TEAM)
    receiver.does("交接会(双方)", number, said.meeting("2026-03-25T09:30", "周雨桐", by_hand), TEAM)
    worker.does("交接会(双方)", number, said.meeting("2026-03-25T09:30", "李春梅", by_hand))
    receiver.does("首次服务确认", number, said.first_service("2026-03-25"), TEAM)

    # The supervisor closes the case; its one timeline tells it all.
    supervisor.does("成效评估与结案", number, said.EVALUATION, TEAM)
    supervisor.opens_case(number)
    timeline = supervisor.page.get_by_role("region", name="时间线")
    for happened in ("个案立案", "转入回复：已提醒", "转入回复：已上报区协调员", "转介已接收", "个案结案"):
        expect(timeline).to_contain_text(happened)
