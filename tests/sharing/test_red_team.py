"""Red team: the ways by which somebody may try to learn that she is known here, and where.

| # | who tries | how | what must hold | test |
|---|---|---|---|---|
| 1 | abuser on the phone | asks by name, birth, phone, address | the one screen is the same for her and for nobody | `test_the_one_screen_…` |
| 2 | abuser by letter, at the desk | a consultation is taken with her data | page, list, queries, rows, jobs are the same | `test_a_consultation_…` |
| 3 | abuser in front of the desk | the desk looks her up | answer, size, statements, rows are the same | `test_a_lookup_…`, `test_every_key_…` |
| 4 | abuser at another office | one item; two of three items | no hint, ever | `test_no_hint_…` |
| 5 | somebody outside the city | looks up | nothing of anybody | `test_an_office_outside_…` |
| 6 | curious worker | opens her number, a number that is not there | the same page, status, size, statements | `test_her_number_…` |
| 7 | curious worker | presses 「声をかける」 on both | the same answer, rows, statements | `test_the_button_…` |
| 8 | curious worker | 心当たり照会 with her data | the same answer; never answered by 「お答えできません」 | `test_an_enquiry_…` |
| 9 | husband with custody of the child | his own file, household, relations | she is not in it; her holder's child neither | `test_a_husband_with_custody_…` |
| 10 | worker who is the other party | every path, and what they hold | closed at once, and handed on | `test_a_worker_who_is_the_other_party_…` |
| 11 | worker in whose house he lives | the same | the same | `test_whoever_shares_his_household_…` |
| 12 | anybody | lists and counts before and after protecting | she leaves them without a gap | `test_lists_and_counts_…` |
| 13 | anybody | orders and neighbours of a list | no hole where she stood | `test_lists_and_counts_…` |
| 14 | clerk | a ledger row with her data | no link, no proposal, no word of her | `test_a_ledger_row_…` |
| 15 | clerk | a draft, a form with an error | says what was typed, nothing else | `test_errors_and_drafts_…` |
| 16 | asker | own notices, 今日, journal of the screen | nothing came back to them | `test_nothing_comes_back_…` |
| 17 | asker | another form of her data in the URL | lookups never put a name in a link | `test_no_page_puts_her_in_a_link` |
| 18 | clerk | a mark of her, kept from before she was protected | not accepted any more | `test_a_mark_kept_…` |
| 19 | anybody | duplicate hint when writing her down anew | none: the form goes on as for a new person | `test_writing_her_down_…` |
| 20 | manager of the office of the husband | his holder is never told of her | only those who guard her are | `test_his_own_holder_…` |
| 21 | his worker | the household called by her name, and its note | called by its number; the note is withheld | `test_a_household_called_by_her_name_…` |
"""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from tests.factories import NOW, TODAY, a_concern, a_person, a_worker, an_office, office_of
from tests.sharing.conftest import ASKED, HER, NOBODY, Case, shape, told
from tsunagi.accounts.models import Worker
from tsunagi.holding.actions import open_concern
from tsunagi.holding.models import Hold, Promise
from tsunagi.intake.access import offer, offered
from tsunagi.intake.models import Consultation
from tsunagi.notices.models import Notice
from tsunagi.people.access import closed_to, sight_of, visible_to
from tsunagi.people.actions import declare_own, protect, register_person
from tsunagi.people.models import OwnPerson
from tsunagi.people.queries import lookup, match, people_of
from tsunagi.shared.edges import opened_trail
from tsunagi.sharing.models import EnquiryAnswer, SilentWord, ToldHolder

pytestmark = pytest.mark.django_db

ABOUT = {f"about_{name}": value for name, value in ASKED.items()}
ABOUT_NOBODY = {f"about_{name}": value for name, value in NOBODY.items()}
TYPED = (*ASKED.values(), *NOBODY.values())
# What a page shows of the typed words: as typed, in other writings.
WORDS = (*TYPED, "北山", "西海", "美月", "香澄")


def fresh(worker: Worker) -> Worker:
    """The worker as the next request sees them."""
    return Worker.objects.get(pk=worker.pk)


def both(client_of, queries, worker, url, hers, nobodys):
    """Post the same form about her and about nobody; the answers and what the database was asked."""
    seen = []
    for data in (hers, nobodys):
        with queries() as asked:
            answer = client_of(worker).post(url, data)
        seen.append((answer, asked.shape, asked.count if hasattr(asked, "count") else None))
    return seen


def alike(one, other):
    """Status, where it leads, headers' names and the page itself are the same."""
    assert one.status_code == other.status_code
    lead = [re.sub(r"\d+", "N", answer.headers.get("Location", "")) for answer in (one, other)]
    assert lead[0] == lead[1]
    assert sorted(one.headers) == sorted(other.headers)
    assert shape(one, *WORDS) == shape(other, *WORDS)


@pytest.mark.visits("intake:asked_about")
def test_the_one_screen_is_the_same_for_her_and_for_nobody(
    client_of, queries, fled: Case, three_people, run_jobs
):
    url = reverse("intake:asked_about")
    page = three_people(url, allowed=fled.desk, stranger=a_worker(role="statistician"))
    assert "どなたについても、ご相談の有無をお答えしていません" in page.content.decode()
    asks = {"relation": "spouse", "words": "妻がそちらに行っていないか", "means": "phone"}
    hers, nobodys = both(client_of, queries, fled.desk, url, asks | ABOUT, asks | ABOUT_NOBODY)
    alike(hers[0], nobodys[0])
    assert hers[1] == nobodys[1]
    assert SilentWord.objects.count() == 2
    pages = [client_of(fled.desk).get(answer.headers["Location"]) for answer, *_ in (hers, nobodys)]
    numbers = [str(Consultation.objects.order_by("id")[place].number) for place in (0, 1)]
    ids = [re.findall(r"\d+", answer.headers["Location"])[0] for answer, *_ in (hers, nobodys)]
    texts = [
        shape(page, *WORDS).replace(number, "番号").replace(f"/{number_id}/", "/N/")
        for page, number, number_id in zip(pages, numbers, ids, strict=True)
    ]
    assert texts[0] == texts[1]
    # Nobody is told within the request; afterwards those who guard her are, and nobody else.
    assert Notice.objects.count() == 0
    run_jobs()
    assert [len(told(worker)) for worker in (fled.holder, fled.desk, fled.section)] == [1, 0, 0]
    assert "配偶者・パートナー" in told(fled.holder)[0]
    assert "相手方かもしれません" in told(fled.holder)[0]
    assert not SilentWord.objects.exclude(asked={}).exists()


@pytest.mark.parametrize("about", ["", "new", "unknown"])
def test_a_consultation_with_her_data_goes_on_as_for_a_new_person(
    client_of, queries, fled: Case, about, run_jobs
):
    typed = {"words": "家族のことで", "caller_kind": "family", "about": about}
    url = reverse("intake:new")
    hers, nobodys = both(client_of, queries, fled.desk, url, typed | ABOUT, typed | ABOUT_NOBODY)
    alike(hers[0], nobodys[0])
    assert hers[1] == nobodys[1]
    assert [row.party_id is None for row in Consultation.objects.order_by("id")] == [about == ""] * 2
    assert not Consultation.objects.filter(party_id=fled.her.pk).exists()
    run_jobs()
    assert len(told(fled.holder)) == 1
    assert told(fled.desk) == []


def test_a_lookup_of_her_is_a_lookup_of_nobody(client_of, queries, fled: Case, run_jobs):
    for name in ("people:search", "people:lookup"):
        answers = []
        for typed in (ASKED, NOBODY):
            with queries() as asked:
                client = client_of(fled.desk)
                answer = client.post(reverse(name), {"q": f"{typed['name']} {typed['birth']}"})
            answers.append((answer, asked.shape))
        alike(answers[0][0], answers[1][0])
        assert answers[0][1] == answers[1][1]
        assert len(answers[0][0].content) - len(answers[1][0].content) in range(-400, 401)
    # The word is left for both alike, and only hers reaches anybody: once a day, however often she is looked for.
    assert SilentWord.objects.count() == 4
    run_jobs()
    assert len(told(fled.holder)) == 1
    assert "検索" in told(fled.holder)[0]
    assert told(fled.desk) == told(fled.section) == []


def test_every_key_and_every_writing_finds_nobody(fled: Case):
    questions = [
        "北山", "北山 美月", "きたやま", "キタヤマ ミツキ", "ミツキ", "S62.4.9", "昭和62年4月9日", "1987-04-09", "090-5555-6666",
        "09055556666", "5555-6666", "開田2-25-14", "京都府長岡京市開田2-25-14", "北山 美", "美月 北山", "kitayama",
    ]  # fmt: skip
    for worker in (fled.desk, fled.section, fled.outside, fled.holder, fled.colleague):
        for question in questions:
            found = [card.person_id for card in lookup(worker, question, on=TODAY, trail=False)]
            assert fled.her.pk not in found, (worker, question)
            assert None not in found, (worker, question)
    assert match({"name": HER["name"], "birth": HER["birth"], "phone": "090-5555-6666"}) == []


def test_no_hint_on_one_item_and_none_of_her_on_three(client_of, fled: Case):
    seen = register_person(by=fled.desk, at=NOW, name="南野 空", kana="ミナミノ ソラ", birth="H1.2.3",
                           phones=["075-111-2222"], office=office_of(fled.desk).pk)  # fmt: skip

    def hinted(**typed: str) -> bool:
        cards = lookup(fled.section, typed, on=TODAY, trail=False)
        assert seen.pk not in [card.person_id for card in cards]
        return any(card.person_id is None for card in cards)

    assert not hinted(kana="ミナミノ ソラ")
    assert not hinted(birth="H1.2.3")
    assert not hinted(phone="075-111-2222")
    assert hinted(kana="ミナミノ ソラ", birth="H1.2.3")
    assert hinted(kana="ミナミノ ソラ", phone="075-111-2222")
    assert not hinted(**{name: ASKED[name] for name in ("kana", "birth", "phone")})
    # The hint never says which office, and is one whoever it stands for.
    answer = client_of(fled.section).post(
        reverse("intake:lookup"), {"about_kana": "ミナミノ ソラ", "about_birth": "H1.2.3"}
    )
    page = answer.content.decode()
    assert "問い合わせますか" in page
    assert "福祉なんでも" not in page
    assert "南野" not in page


def test_an_office_outside_is_shown_nothing_of_anybody_it_is_not_with(fled: Case):
    register_person(by=fled.desk, at=NOW, name="南野 空", kana="ミナミノ ソラ", birth="H1.2.3",
                    phones=["075-111-2222"], office=office_of(fled.desk).pk)  # fmt: skip
    asked = {"kana": "ミナミノ ソラ", "birth": "H1.2.3", "phone": "075-111-2222"}
    assert lookup(fled.section, asked, on=TODAY, trail=False) != []
    assert lookup(fled.outside, asked, on=TODAY, trail=False) == []


NUMBERS = [
    ("desk:person", "party"), ("people:edit", "party"), ("sharing:who", "party"), ("people:protect", "party"),
    ("holding:concern", "concern"), ("holding:close", "concern"), ("desk:places_named", "party"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "kind"), NUMBERS)
def test_her_number_is_a_number_that_is_not_there(client_of, queries, fled: Case, name, kind):
    hers = fled.her.pk if kind == "party" else Hold.objects.get(concern__party_id=fled.her.pk).concern_id
    answers = []
    for number in (hers, 999_999):
        client = client_of(fled.section)
        with queries() as asked:
            answer = client.get(reverse(name, args=[number]))
        answers.append((shape(answer).replace(f"/{number}/", "/N/"), answer.status_code, asked.tables))
    assert answers[0][:2] == answers[1][:2]
    assert answers[0][1] == 404
    assert "担当がいれば声をかけます" in answers[0][0]


@pytest.mark.visits("sharing:knock")
def test_the_button_answers_the_same_for_her_and_for_nobody(
    client_of, queries, fled: Case, run_jobs, three_people
):
    three_people(
        reverse("sharing:knock"),
        allowed=fled.desk,
        stranger=Worker.objects.create(sign_in_name="x", name="無所属"),
    )
    client = client_of(fled.section)
    client.get("/")
    answers = []
    for number in (fled.her.pk, 999_999):
        with queries() as asked:
            answer = client.post(reverse("sharing:knock"), {"page": f"/person/{number}/"})
        page = client.get("/")
        answers.append(
            (
                answer.status_code,
                answer.headers["Location"],
                asked.shape,
                "担当がいれば、声をかけます" in page.content.decode(),
            )
        )
    assert answers[0] == answers[1]
    assert answers[0][0] == 302
    assert answers[0][3]
    run_jobs()
    assert len(told(fled.holder)) == 1
    assert "番号" in told(fled.holder)[0]
    assert told(fled.section) == []
    # Pressed again and again, her holder is told once a day; what nobody had to be told of is not kept.
    client.post(reverse("sharing:knock"), {"page": f"/person/{fled.her.pk}/"})
    run_jobs()
    assert len(told(fled.holder)) == 1
    assert SilentWord.objects.count() == 1


@pytest.mark.parametrize(
    "page",
    [
        "",
        "//evil.example/",
        "/no/such/",
        "javascript:x",
        "/person/0/",
        "/people/",
        "/concerns/99999999999999999999/",
    ],
)
def test_the_button_takes_any_address_and_says_the_same(client_of, fled: Case, run_jobs, page):
    answer = client_of(fled.section).post(reverse("sharing:knock"), {"page": page})
    assert answer.headers["Location"] == "/"
    run_jobs()
    assert Notice.objects.count() == 0


def test_the_number_of_a_concern_a_file_a_consultation_reaches_its_holder(client_of, fled: Case, run_jobs):
    concern = Hold.objects.get(concern__party_id=fled.her.pk).concern_id
    client_of(fled.section).post(
        reverse("sharing:knock"), {"page": reverse("holding:concern", args=[concern])}
    )
    run_jobs()
    assert len(told(fled.holder)) == 1


def test_an_enquiry_about_her_is_an_enquiry_about_nobody(client_of, queries, fled: Case, run_jobs):
    url = reverse("holding:enquiry_new")
    typed = {"reason": "妻が来ていないかと聞かれた", "relation": "spouse", "ground": "01"}
    names = ("name", "kana", "birth", "phone")
    hers, nobodys = both(
        client_of, queries, fled.section, url,
        typed | {name: ASKED[name] for name in names}, typed | {name: NOBODY[name] for name in names},
    )  # fmt: skip
    alike(hers[0], nobodys[0])
    assert hers[1] == nobodys[1]
    run_jobs()
    assert EnquiryAnswer.objects.count() == 0
    assert not Promise.objects.filter(kind="enquiry").exists()
    assert len(told(fled.holder)) == 1
    assert told(fled.section) == []
    page = shape(client_of(fled.section).get(reverse("holding:enquiries")), *WORDS)
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)[1:]
    assert len(rows) == 2
    assert re.sub(r"\d+", "N", rows[0]) == re.sub(r"\d+", "N", rows[1])


def test_a_husband_with_custody_learns_nothing_from_his_own_file(client_of, fled: Case):
    child = register_person(by=fled.holder, at=NOW, name="北山 ひなた", kana="キタヤマ ヒナタ", birth="H30.5.5",
                            office=office_of(fled.holder).pk)  # fmt: skip
    from tsunagi.people.actions import relate

    relate(fled.him, child, kind="parent", by=fled.section, at=NOW)
    protect(child, by=fled.holder, at=NOW)
    open_concern(fled.him.pk, office_id=office_of(fled.section).pk, worker_id=fled.section.pk, by=fled.section,
                 at=NOW, description="本人の就労")  # fmt: skip
    page = client_of(fled.section).get(reverse("desk:person", args=[fled.him.pk])).content.decode()
    assert "北山 剛" in page
    for hidden in ("美月", "ミツキ", "ひなた", "開田", "5555", "女性相談", "保護している", "守屋"):
        assert hidden not in page, hidden
    for number in (fled.her.pk, child.pk):
        assert client_of(fled.section).get(reverse("desk:person", args=[number])).status_code == 404


def test_a_household_called_by_her_name_is_called_by_its_number(client_of, fled: Case):
    from tsunagi.people.actions import start_household
    from tsunagi.people.models import Household

    wife = register_person(by=fled.holder, at=NOW, name="北山 しずか", kana="キタヤマ シズカ",
                           office=office_of(fled.holder).pk)  # fmt: skip
    home = start_household(by=fled.section, at=NOW, label="北山しずかさんのお宅", note="夜ごと物音がする",
                           members=[(wife, "self"), (fled.him, "spouse")])  # fmt: skip
    open_concern(home.pk, office_id=office_of(fled.section).pk, worker_id=fled.section.pk, by=fled.section, at=NOW,
                 description="世帯の家計")  # fmt: skip
    pages = [reverse("desk:person", args=[fled.him.pk]), reverse("people:household", args=[home.pk]),
             reverse("desk:person", args=[home.pk]), reverse("people:index"), reverse("desk:mine"), "/",
             reverse("people:household_edit", args=[home.pk])]  # fmt: skip
    assert "しずか" in client_of(fled.section).get(pages[0]).content.decode()
    protect(wife, by=fled.holder, at=NOW)
    for page in pages:
        shown = client_of(fresh(fled.section)).get(page).content.decode()
        assert "しずか" not in shown, page
        assert "夜ごと物音がする" not in shown, page
    # What was withheld is kept when somebody saves the form that does not show it.
    answer = client_of(fresh(fled.section)).post(
        pages[-1], {"label": "北山さん", "household_type": "", "note": "", "revision": 2}
    )
    assert answer.status_code == 302
    kept = Household.objects.get(pk=home.pk)
    assert (kept.label, kept.note) == ("北山さん", "夜ごと物音がする")


def test_a_worker_who_is_the_other_party_loses_every_path_at_once(client_of, fled: Case, run_jobs):
    woman = a_person("東 しおり")
    desk = office_of(fled.desk)
    he = a_worker(desk, name="東 大樹")
    concern = a_concern(held_by=he, of=woman)
    from tests.intake.factories import a_consultation

    about_her = a_consultation(he, words="しおりさんの相談", party_id=woman.pk)
    paths = [
        reverse("desk:person", args=[woman.pk]), reverse("people:edit", args=[woman.pk]),
        reverse("holding:concern", args=[concern.pk]), reverse("intake:detail", args=[about_her.pk]),
        reverse("sharing:who", args=[woman.pk]), reverse("holding:promise", args=[Promise.objects.get(subject_id=about_her.pk, kind="triage").pk]),
    ]  # fmt: skip
    assert {client_of(fresh(he)).get(path).status_code for path in paths} == {200}
    protect(woman, by=fled.desk, at=NOW, other_party_name="東大樹")
    he = fresh(he)
    assert {client_of(he).get(path).status_code for path in paths} == {404}
    assert sight_of(he, woman.pk) is None
    assert woman.pk not in visible_to(he).values_list("pk", flat=True)
    lists = ["desk:today", "desk:mine", "intake:index", "people:index", "referrals:index", "safety_net:index"]
    for name in lists:
        page = client_of(he).get(reverse(name)).content.decode()
        assert "しおり" not in page, name
        assert "家賃が払えない" not in page, name
    # What he held passed on to a colleague in the same deed; nothing is unheld, and the chain says no reason.
    hold = Hold.objects.get(concern=concern, closed_at__isnull=True)
    assert hold.worker_id != he.pk
    assert hold.office_id == desk.pk
    assert not Promise.objects.filter(worker_id=he.pk, is_open=True, party_id=woman.pk).exists()
    assert told(he) == []
    # A colleague of the same desk still works with her.
    assert client_of(fresh(fled.desk)).get(paths[0]).status_code == 200


def test_whoever_shares_his_household_loses_it_too_and_is_never_told(client_of, fled: Case, run_jobs):
    sister = a_worker(office_of(fled.holder), name="北山 恵")
    own = declare_own(sister, relation="household", name="北山 剛", kana="キタヤマ ツヨシ", at=NOW)
    assert client_of(fresh(sister)).get(reverse("desk:person", args=[fled.her.pk])).status_code == 200
    run_jobs()
    assert OwnPerson.objects.get(pk=own.pk).matched == [fled.him.pk]
    assert {fled.her.pk, fled.him.pk} <= closed_to(fresh(sister))
    assert client_of(fresh(sister)).get(reverse("desk:person", args=[fled.her.pk])).status_code == 404
    page = client_of(fresh(sister)).get(reverse("people:own")).content.decode()
    unknown = declare_own(sister, relation="kin", name="だれ でもない", at=NOW)
    run_jobs()
    again = client_of(fresh(sister)).get(reverse("people:own")).content.decode()
    row = re.findall(r"<li><form.*?</li>", again, re.DOTALL)
    assert len(row) == 2
    assert re.sub(r"\d+|北山 剛|だれ でもない|同居の家族|別居の親族", "", shape_of(row[0])) == re.sub(
        r"\d+|北山 剛|だれ でもない|同居の家族|別居の親族", "", shape_of(row[1])
    )
    assert "北山 剛" in page
    assert OwnPerson.objects.get(pk=unknown.pk).matched == []


def shape_of(markup: str) -> str:
    return re.sub(r'value="[0-9A-Za-z]{60,}"', "", markup)


def test_lists_and_counts_before_and_after_have_no_hole(client_of, fled: Case):
    office = office_of(fled.section)
    for name, kana in (
        ("会田 一", "アイダ ハジメ"),
        ("会田 二", "アイダ フタリ"),
        ("会田 三", "アイダ ミツ"),
    ):
        register_person(by=fled.section, at=NOW, name=name, kana=kana, office=office.pk)
    with opened_trail(fled.section.pk, "test", NOW):
        before = people_of(fled.section, on=TODAY)
        middle = next(row for row in before.rows if row.name == "会田 二")
        protect(middle.id, by=fled.section, at=NOW)
        after = people_of(fresh(fled.section), on=TODAY)
    assert after.total == before.total - 1
    assert [row.name for row in after.rows] == [row.name for row in before.rows if row.name != "会田 二"]
    page = client_of(fled.section).get(reverse("people:index")).content.decode()
    assert "会田 二" not in page
    assert "非開示" not in page


def test_a_ledger_row_with_her_data_says_nothing_of_her(client_of, fled: Case, tmp_path):
    from tsunagi.intake import tasks
    from tsunagi.intake.models import LinkProposal
    from tsunagi.people.queries import match_many

    rows = [
        {"name": HER["name"], "kana": HER["kana"], "birth": HER["birth"], "phone": HER["phones"][0]},
        {"name": NOBODY["name"], "kana": NOBODY["kana"], "birth": NOBODY["birth"], "phone": NOBODY["phone"]},
    ]
    assert match_many(rows) == [[], []]
    figures = []
    for place, who in enumerate((ASKED, NOBODY)):
        ledger = tmp_path / f"soudan{place}.csv"
        ledger.write_text(
            "受付日,氏名,フリガナ,生年月日,住所,電話,相談者,内容,対応,担当\n"
            f"R8.4.3,{who['name']},{who['kana']},{who['birth']},{who['address']},{who['phone']},家族,行方を知りたい,継続,\n",
            encoding="utf-8",
        )
        with opened_trail(None, "cli", NOW):
            found = tasks.import_file(ledger, office=office_of(fled.desk).code, dry_run=False, at=NOW)
        figures.append({name: value for name, value in found.items() if isinstance(value, int | bool)})
    one, other = ({k: v for k, v in row.items() if k not in ("id", "run", "import")} for row in figures)
    assert one == other
    assert not LinkProposal.objects.exists()
    assert not Consultation.objects.filter(party_id=fled.her.pk).exists()
    # What is taken in is history: nobody is told of it as if it had happened today.
    assert told(fled.holder) == []


def test_errors_and_drafts_say_what_was_typed_and_nothing_else(client_of, fled: Case):
    url = reverse("intake:new")
    wrong = {"words": "x", "came_day": "2999-01-01"}
    answers = [client_of(fled.desk).post(url, wrong | about) for about in (ABOUT, ABOUT_NOBODY)]
    alike(*answers)
    assert answers[0].status_code == 422
    told_of = {"reason": "", "relation": "spouse", "ground": "01"}
    url = reverse("holding:enquiry_new")
    answers = [
        client_of(fled.section).post(url, told_of | {"name": who["name"], "kana": who["kana"]})
        for who in (ASKED, NOBODY)
    ]
    alike(*answers)
    assert answers[0].status_code == 422


def test_nothing_comes_back_to_whoever_asked(client_of, fled: Case, run_jobs):
    client = client_of(fled.desk)
    before = shape(client.get("/"))
    client.post(reverse("intake:asked_about"), {"relation": "spouse", "words": "妻はどこ"} | ABOUT)
    client.get(reverse("notices:index"))
    run_jobs()
    assert told(fled.desk) == []
    after = shape(client.get("/"))
    assert "お知らせ" in before
    for hidden in ("女性相談", "守屋", "照合", "かもしれない"):
        assert hidden not in after, hidden
    word = ToldHolder.objects.filter(worker=fled.holder).get()
    assert client.get(reverse("sharing:told", args=[word.pk])).status_code == 404
    assert client_of(fled.section).get(reverse("sharing:told", args=[word.pk])).status_code == 404


@pytest.mark.visits("sharing:told")
def test_the_word_opens_to_those_who_guard_her_alone(client_of, fled: Case, run_jobs, three_people):
    client_of(fled.desk).post(
        reverse("intake:asked_about"),
        {"relation": "former_spouse", "words": "妻はどこ", "caller": "剛"} | ABOUT,
    )
    run_jobs()
    url = reverse("sharing:told", args=[ToldHolder.objects.get(worker=fled.holder).pk])
    page = three_people(url, allowed=fled.holder, stranger=fled.desk).content.decode()
    assert "福祉なんでも相談室" in page
    assert "元の配偶者" in page
    # What was said there stays the other desk's record.
    assert "妻はどこ" not in page
    assert client_of(fled.colleague).get(url).status_code == 200


def test_no_page_puts_her_in_a_link(client_of, fled: Case):
    client = client_of(fled.desk)
    pages = [
        client.post(reverse("intake:new"), {"search": "1"} | ABOUT),
        client.get(reverse("intake:asked_about")),
        client.post(reverse("holding:enquiry_new"), {"from_lookup": "1"} | ABOUT),
    ]
    for page in pages:
        for link in re.findall(r'(?:href|action|formaction|hx-get|hx-post)="([^"]*)"', page.content.decode()):
            assert not re.search(r"北山|美月|%E5|5555|1987", link), link


def test_a_mark_kept_from_before_is_not_accepted_any_more(fled: Case):
    somebody = register_person(by=fled.section, at=NOW, name="会田 四", office=office_of(fled.section).pk)
    mark = offer(fled.desk, somebody.pk)
    assert offered(fled.desk, mark) == somebody.pk
    protect(somebody, by=fled.section, at=NOW)
    assert offered(fresh(fled.desk), mark) is None


def test_writing_her_down_anew_goes_on_as_for_a_new_person(client_of, queries, fled: Case):
    url = reverse("people:new")
    data = [
        {
            "name": who["name"],
            "kana": who["kana"],
            "birth": who["birth"],
            "phone": who["phone"],
            "address": who["address"],
        }
        for who in (ASKED, NOBODY)
    ]
    hers, nobodys = both(client_of, queries, fled.section, url, *data)
    alike(hers[0], nobodys[0])
    assert hers[1] == nobodys[1]


def test_his_own_holder_is_never_told_of_her(client_of, fled: Case, run_jobs):
    his = a_worker(an_office("就労支援"), name="就労 けい")
    open_concern(
        fled.him.pk, office_id=office_of(his).pk, worker_id=his.pk, by=his, at=NOW, description="就労"
    )
    client_of(fled.desk).post(reverse("intake:asked_about"), {"relation": "spouse", "words": "妻は"} | ABOUT)
    run_jobs()
    assert len(told(fled.holder)) == 1
    assert told(his) == []


def test_a_worker_who_comes_later_with_his_name_is_closed_out_the_same_night(fled: Case):
    from tsunagi.people import tasks

    later = a_worker(office_of(fled.holder), name="北山　剛")
    assert sight_of(fresh(later), fled.her.pk) is not None
    tasks.match_all_own()
    assert sight_of(fresh(later), fled.her.pk) is None
    assert told(later) == []
