"""Where an application stands."""

import pytest

from checks.assessments import Assessments
from records.book.state import Decided
from records.models import Assessment, Decision, Note, Reading, Record, Source, Submission
from reports.results.model import Status, evidence_mark
from tests.reports.conftest import DISTRICT, Make, application, finding

ONE = f"{DISTRICT}/001.docx"


@pytest.mark.parametrize(
    ("levels", "status"),
    [
        ([], Status.CLEAN),
        (["note"], Status.CLEAN),
        (["note", "fix"], Status.FIX),
        (["fix", "reject"], Status.REJECT),
    ],
)
def test_the_gravest_finding_decides(make: Make, levels: list[str], status: Status) -> None:
    found = [finding(n, ONE, level=level) for n, level in enumerate(levels)]
    assert make(1, found).items[0].status is status


def test_a_withdrawn_finding_does_not_count(make: Make) -> None:
    one = finding(1, ONE, level="reject")
    result = make(1, [one])
    decision = Decision(finding=one.id, action="撤销", evidence_mark=evidence_mark(one))
    result.take(Decided({one.id: decision}))
    assert result.items[0].status is Status.CLEAN


def test_a_file_that_cannot_be_read_is_no_application(make: Make) -> None:
    result = make(1)
    assert [i.status for i in result.items] == [Status.CLEAN, Status.UNREADABLE]
    assert len(result.applications()) == 1


def test_of_two_equal_files_the_one_set_aside_was_received_twice(make: Make) -> None:
    pair = [finding(n, f"{DISTRICT}/00{n}.docx", id=f"F03-{n}", code="F03", level="note") for n in (1, 2)]
    result = make(submissions=[application(1), application(2)], findings=pair, broken=False)
    result.outcomes.assessments = Assessments(
        [
            Assessment(document=f"{DISTRICT}/001.docx", code="F01", outcome="pass"),
            Assessment(document=f"{DISTRICT}/001.docx", code="F03", outcome="finding"),
            Assessment(document=f"{DISTRICT}/002.docx", code="F03", outcome="finding"),
        ]
    )
    assert [i.status for i in result.items] == [Status.CLEAN, Status.DOUBLED]


def test_a_foreign_file_is_called_so(make: Make) -> None:
    document = f"{DISTRICT}/会议通知.docx"
    record = Record(
        source=Source(path=document, sha256="1" * 64, format="docx"), notes=[Note(code="F06", message="不是")]
    )
    foreign = Submission(district=DISTRICT, document=document, reading=Reading(record=record))
    result = make(submissions=[foreign], findings=[finding(1, document, code="F06", form="unknown")], broken=False)
    assert result.items[0].status is Status.OTHER
