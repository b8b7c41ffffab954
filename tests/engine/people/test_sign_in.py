"""Signing in, and slowing down those who guess."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from engine.errors import Invalid, LimitExceeded, NotAllowed, WulianError
from engine.people.actor import Actor
from engine.people.passwords import hash_password, is_password
from engine.people.sign_in import LIMITS, WINDOW, forget_old_attempts, sign_in
from engine.people.users import change_password, close_account, set_password
from engine.store import tables as t
from engine.store.database import writing
from tests.engine.people.conftest import NOW, PASSWORD, District


@pytest.fixture
def office(district: District) -> District:
    """The district, where Li has a password."""
    with writing(district.database) as conn:
        set_password(conn, district.users["li"], PASSWORD)
    return district


def enter(
    district: District,
    login: str = "li",
    password: str = PASSWORD,
    address: str = "10.0.0.1",
    minutes: float = 0,
) -> Actor:
    now = NOW + timedelta(minutes=minutes)
    return sign_in(district.database, login, password, address, now, district.vault)


def test_the_right_password_signs_in_with_roles(office: District) -> None:
    actor = enter(office, "  LI ")
    assert actor.user_id == office.users["li"]
    assert actor.roles == {"social_worker"}


@pytest.mark.parametrize("login", ["li", "nobody", "wang", "", "x" * 500])
def test_a_wrong_password_an_unknown_login_and_one_without_password_are_told_the_same(
    office: District, login: str
) -> None:
    with pytest.raises(NotAllowed) as refusal:
        enter(office, login, "wrong password")
    assert refusal.value.text == ("登录名或密码不对。", "The login or the password is wrong.")


def test_a_closed_account_does_not_sign_in(office: District) -> None:
    with writing(office.database) as conn:
        close_account(conn, office.users["li"])
    with pytest.raises(NotAllowed):
        enter(office)


def test_after_five_failures_even_the_right_password_waits(office: District) -> None:
    for minute in range(LIMITS["pair"]):
        with pytest.raises(NotAllowed):
            enter(office, password="guess", minutes=minute)
    with pytest.raises(LimitExceeded) as refusal:
        enter(office, minutes=5)
    assert refusal.value.code == "too_many_attempts"
    assert refusal.value.text.zh == "尝试次数过多，请 10 分钟后再试。"
    assert enter(office, minutes=5, address="10.0.0.2").name == "李敏"  # she herself, at another place


def test_guesses_made_at_the_same_moment_are_all_counted(office: District) -> None:
    def guess(_number: int) -> str:
        try:
            enter(office, password="guess")
        except WulianError as error:
            return error.code
        return "signed in"

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(guess, range(12)))
    assert sorted(answers) == ["sign_in_failed"] * LIMITS["pair"] + ["too_many_attempts"] * (
        12 - LIMITS["pair"]
    )


def test_when_the_time_is_over_one_may_try_again(office: District) -> None:
    for _ in range(LIMITS["pair"]):
        with pytest.raises(NotAllowed):
            enter(office, password="guess")
    assert enter(office, minutes=WINDOW.total_seconds() / 60 + 0.1).name == "李敏"


def test_a_success_wipes_the_slate(office: District) -> None:
    for minute in range(12):
        if minute % 4 == 3:
            assert enter(office, minutes=minute).name == "李敏"
        else:
            with pytest.raises(NotAllowed):
                enter(office, password="typing mistake", minutes=minute)


def test_guessing_one_login_from_many_addresses_is_stopped(office: District) -> None:
    for n in range(LIMITS["login"]):
        with pytest.raises(NotAllowed):
            enter(office, password="guess", address=f"10.0.1.{n}")
    with pytest.raises(LimitExceeded):
        enter(office, password="guess", address="10.0.2.1")


def test_guessing_many_logins_from_one_address_is_stopped_whatever_succeeds(office: District) -> None:
    with writing(office.database) as conn:
        for n in range(LIMITS["address"]):
            attempt = {"subject": office.vault.keyed_hash("10.0.0.9", "sign_in_address"), "at": NOW}
            conn.execute(t.sign_in_attempt.insert(), {**attempt, "id": UUID(int=n + 1), "succeeded": False})
    with pytest.raises(LimitExceeded):
        enter(office, address="10.0.0.9")


def test_attempts_hold_neither_logins_nor_addresses_and_are_forgotten(office: District) -> None:
    enter(office)
    with writing(office.database) as conn:
        rows = conn.execute(sa.select(t.sign_in_attempt)).mappings().all()
        assert len(rows) == 3
        assert all(row["succeeded"] for row in rows)
        assert "10.0.0.1" not in str(rows)
        assert "'li'" not in str(rows)
        assert forget_old_attempts(conn, NOW + timedelta(days=29)) == 0
        assert forget_old_attempts(conn, NOW + timedelta(days=31)) == 3


def test_a_failure_is_remembered_although_it_raises(office: District) -> None:
    with pytest.raises(NotAllowed):
        enter(office, password="guess")
    with writing(office.database) as conn:
        assert conn.execute(sa.select(sa.func.count()).select_from(t.sign_in_attempt)).scalar() == 3


def test_a_weaker_hash_is_renewed_when_the_password_is_known(office: District) -> None:
    from argon2 import PasswordHasher

    weak = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with writing(office.database) as conn:
        conn.execute(t.user.update().where(t.user.c.login == "li").values(password_hash=weak))
    enter(office)
    with writing(office.database) as conn:
        renewed = conn.execute(sa.select(t.user.c.password_hash).where(t.user.c.login == "li")).scalar()
    assert renewed != weak
    assert "m=47104" in str(renewed)


def test_a_password_is_kept_as_argon2id_and_compared_as_people_type_it() -> None:
    hashed = hash_password("ｐässwörter gut")
    assert hashed.startswith("$argon2id$")
    assert is_password(hashed, "pässwörter gut")  # full-width, and composed otherwise
    assert not is_password(hashed, "passworter gut")
    assert not is_password(None, "nobody has this password")
    assert not is_password("no hash", "x")


@pytest.mark.parametrize(
    "password", ["short", "12345678", "aaaaaaaaa", "PASSWORD", "x" * 129, "ababababab", "woaini1314"]
)
def test_a_password_that_is_guessed_first_is_refused(office: District, password: str) -> None:
    with writing(office.database) as conn, pytest.raises(Invalid) as refusal:
        set_password(conn, office.users["li"], password)
    assert refusal.value.fields["password"][0].zh


def test_ones_own_password_is_changed_with_the_present_one(office: District) -> None:
    with writing(office.database) as conn:
        with pytest.raises(Invalid) as refusal:
            change_password(conn, office.users["li"], "not this", "another long one")
        assert refusal.value.fields.keys() == {"old"}
        change_password(conn, office.users["li"], PASSWORD, "another long one")
    assert enter(office, password="another long one").name == "李敏"
    with pytest.raises(WulianError):
        enter(office)
