"""Every question, answer, verdict, explanation and link of the quiz, against numbers recomputed beside them."""

import re
from collections import Counter, defaultdict

import pytest

from tests.audit.quiz import Facts, right_of, texts
from tests.audit.quiz_rules import QUIET, RULES
from tests.audit.reading import uncovered
from theory import MISCONCEPTIONS
from ui.lessons.plain import SEEDS
from ui.teaching.quiz_items import ITEMS
from ui.teaching.quiz_questions import posed
from ui.teaching.quiz_sitting import score

# The first quiz, the last, and many between: both ends of every range that problems are drawn from are among them.
QUIZZES = (0, SEEDS - 1, *range(17, SEEDS, SEEDS // 40))
every_item = pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)


def facts_of(said, link):
    facts = Facts(link)
    row = re.search("deleted row ([0-9]+)", said["question"])
    facts.row = int(row[1]) if row else None
    return facts


def readings(key, facts, said):
    """What every rule reads in the texts of a question, and whether it is true."""
    for where, text in said.items():
        for pattern, truth in RULES[key]:
            for match in re.finditer(pattern, text):
                yield pattern, f"{where}: {match[0]}", truth(facts, match)


@every_item
def test_the_quizzes_that_are_read_reach_both_ends_of_every_range(item):
    for name, values in MISCONCEPTIONS[item.key].ranges.items():
        met = {getattr(posed(item.key, seed).spec, name) for seed in QUIZZES}
        assert {min(values), max(values)} <= met


@every_item
def test_all_that_a_question_says_is_true_and_nothing_is_left_unread(item):
    false, spoken = defaultdict(list), Counter()
    for seed in QUIZZES:
        said, link = texts(item, seed)
        facts = facts_of(said, link)
        for where, text in said.items():
            if not where.startswith("verdict"):
                for sentence in uncovered(
                    text, [p for p, _ in RULES[item.key]] + [*map(re.escape, QUIET)], numbers=True
                ):
                    false["no rule at all"].append((seed, f"{where}: {sentence}"))
        for rule, sentence, truth in readings(item.key, facts, said):
            spoken[rule] += truth is not None
            if not truth and truth is not None:
                false[rule].append((seed, sentence))
    worst = [f"{len(found)} times by {rule!r}, first at {found[0]}" for rule, found in false.items() if found]
    assert not worst, "\n".join(worst)
    silent = [pattern for pattern, _ in RULES[item.key] if spoken[pattern] < len(QUIZZES) / 2]
    assert not silent, silent


@every_item
def test_the_answer_that_is_called_right_is_right_and_no_other(item):
    for seed in QUIZZES:
        said, link = texts(item, seed)
        (right,) = right_of(item.key, facts_of(said, link), said)
        for where in [where for where in said if where.startswith("answer")]:
            verdict = said[where.replace("answer", "verdict of")]
            wanted = (
                f"Right: {said[right]}" if where == right else f"Not right: {said[where]}. The answer: {said[right]}"
            )
            assert verdict == wanted, (seed, where)


@every_item
def test_a_link_leads_to_the_whole_problem(item):
    """All that a question's numbers are of is in the address: with another draw they are found false."""
    found = 0
    for seed in QUIZZES[:12]:
        said, link = texts(item, seed)
        draw = int(re.search(r"seed=([0-9]+)", link)[1]) if "seed=" in link else 0
        other = re.sub(r"(&seed=[0-9]+)?$", f"&seed={(draw + 1) % 1000}", re.sub(r"&seed=[0-9]+", "", link))
        found += sum(truth is False for _, _, truth in readings(item.key, facts_of(said, other), said)) >= 2
    assert found >= 10


def test_the_result_counts_the_right_answers_and_names_the_open_questions():
    keys = [item.key for item in ITEMS]
    for given in range(1, len(keys) + 1):
        for wrong in range(given + 1):
            answers = {key: MISCONCEPTIONS[key].truth for key in keys[:given]}
            answers |= {key: MISCONCEPTIONS[key].rivals[0] for key in keys[:wrong]}
            said = score(answers)
            m = re.match(
                r"You have answered (\d) of (\d) questions; (\d) of your answers (agrees?) with the numbers\.", said
            )
            assert (int(m[1]), int(m[2]), int(m[3])) == (given, len(keys), given - wrong)
            assert (m[4] == "agrees") == (given - wrong == 1)
            left = re.search(r"Not answered yet: ([0-9, ]+)\.$", said)
            assert [int(n) for n in left[1].split(", ")] if left else [] == [*range(given + 1, len(keys) + 1)]
