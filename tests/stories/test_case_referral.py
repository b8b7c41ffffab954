"""A case is referred, the receiver stays silent, the coordinator helps, the case is closed: played by its people."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.stories import case_referral as said
from tests.stories.district import District
from tests.stories.people import DESKTOP, PHONE, PLAIN, TEAM, Device, People


@pytest.mark.parametrize("device", [DESKTOP, PHONE, PLAIN], ids=lambda device: device.name)
def test_a_silent_receiver_is_reminded_and_escalated_and_the_case_still_ends_well(
    district: District, people_at: Callable[[Device], People], device: Device
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
