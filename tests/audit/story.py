"""What the pages of the story say, phrase by phrase, and what has to be so where it is said."""

from types import SimpleNamespace

import numpy as np

from tests.audit.facts import RANK, compared, fit
from tests.audit.judging import Rule, both, length, loss, opposite
from tests.audit.reading import LOSS, NUMBER, shows, value

STORY = ("start", "distinct", "overlap")
OPTION = "Option A|Option B|Projection"


def _tuned_against_golden(*allowed):
    def truth(f, m):
        found = compared(f.unlearning(f.w_t), f.unlearning(f.w_g))
        return None if found is None else found in allowed

    return truth


def _losses_of(pick):
    """The two losses of a sentence that prints a model's and golden's."""

    def truth(f, m):
        w = pick(f)
        return both(loss(f, m["a"], f.unlearning(w)), loss(f, m["b"], f.unlearning(f.w_g)), _told_apart(f, w, m))

    return truth


def _told_apart(f, w, m):
    """Whether two printed losses differ exactly where the losses do."""
    how = compared(f.unlearning(w), f.unlearning(f.w_g))
    zero = both(f.zero(f.unlearning(w)), f.zero(f.unlearning(f.w_g)))
    if how is None or zero is None or both(f.one(w, f.w_g)) is not False:
        return None
    return (m["a"] == m["b"]) == (how == "same" or zero)


def descent(f):
    """10,000 steps of fine-tuning at half the largest stable step."""
    return f.descended(f.w_o, f.X_t, f.y_t, f.stable_step(f.X_t) / 2, 0.0, (0, 10_000))


def _steps(f, m):
    begin, end = (f.unlearning(w) for w in descent(f))
    golden = f.unlearning(f.w_g)
    shown = (loss(f, m["a"], begin), loss(f, m["b"], end)) if "a" in m.groupdict() else (loss(f, m["b"], end),)
    return both(*shown, loss(f, m["g"], golden))


def _half(f):
    """UL after fine-tuning on all rows to keep from half of the pretrained model."""
    return f.unlearning(fit(f.X_r, f.y_r, f.w_o / 2))


def _seen_loss(f, w):
    return float(np.mean((f.X_t @ w - f.y_t) ** 2))


def _same_or_none(f, a, b):
    if f.zero(max(a, b)):
        return True
    return {"same": True, "near": False, "less": False, "more": False, None: None}[compared(a, b)]


def _share(f, text):
    golden = f.unlearning(f.w_g)
    if f.zero(golden) is not False:
        return None
    return shows(text, 100 * f.unlearning(f.w_t) / golden, 1e-10)


def _length(v):
    return float(np.linalg.norm(v))


def _valley(f):
    """The start, its end and golden of the valley, for the two rows in the address; `missed` is their UL."""
    keep, forget, start = (np.array([f.view[f"{name}{i}"] for i in (1, 2)]) for name in ("keep", "forget", "start"))
    true = np.array([1.6, 1.2])
    found = SimpleNamespace(rows=np.stack([keep, forget]), start=start)
    found.golden = fit(keep[None], np.array([keep @ true]), np.zeros(2))
    found.end = fit(keep[None], np.array([keep @ true]), start)
    found.missed = lambda name: float((forget @ (getattr(found, name) - true)) ** 2)
    return found


def _rank(X):
    return np.linalg.matrix_rank(X, RANK * np.linalg.norm(X, 2))


def options(f):
    """The remedies as the page has them: with mixed features a mask erases nothing or everything."""
    if not f.view["rotate"]:
        return f.options
    if "mixed" not in vars(f):
        f.mixed = {**f.options, "Option A": f.w_t, "Option B": _scratch(f)}
    return f.mixed


def _scratch(f):
    return fit(f.X_t, f.y_t)


def _chosen(f):
    names = {"keep_overlap": "Option A", "drop_overlap": "Option B", "project": "Projection"}
    return options(f)[names[f.view["erase"]]]


def _at_first_rows(f, name):
    """A remedy fine-tuned on one row alone: where a broken remaining loss shows."""
    keep = np.ones(f.d)
    if name == "Option A" and not f.view["rotate"]:
        keep[f.d - f.forget_only :] = 0
    elif name == "Option B":
        keep[0 if f.view["rotate"] else f.retain_only :] = 0
    start = f.P_r @ f.w_o if name == "Projection" else keep * f.w_o
    return fit(f.X_r[:1], f.y_r[:1], start)


def _nearer(f, letter):
    a, b = (f.away(options(f)[f"Option {x}"]) for x in "AB")
    how = compared(a, b)
    return None if how in (None, "same") else (a < b) == (letter == "A")


def apart(f):
    """How fine-tuned and golden differ in the features of the rows to keep, and in those of the rows to forget."""
    return np.split(f.w_t - f.w_g, [f.retain_only])


def _peaks(f, percent):
    """Whether near an overlap, some of it, as many features are not the rows to forget's alone as rows are kept."""
    near = (k for k in range(1, f.d + 1) if abs(100 * k / f.d - percent) <= 0.51)
    return any(f.d - (f.d - k) // 2 == len(f.y_r) for k in near)


RULES = [
    # Fine-tuning.
    Rule(STORY, r"changes no weight|cannot change a single weight", lambda f, m: f.one(f.w_t, f.w_o)),
    Rule(STORY, r"moved the weights|training moves it", lambda f, m: opposite(f.one(f.w_t, f.w_o))),
    Rule(
        STORY,
        r"fits every row to keep|no error left on the rows to keep",
        lambda f, m: f.zero(f.remaining(f.w_o)),
    ),
    Rule(STORY, r"fit .{,40} better than the pretrained|No direction lowers the error", lambda f, m: f.at_rest(f.w_o)),
    Rule(STORY, r"does not fit the rows that fine-tuning sees", lambda f, m: opposite(f.zero(_seen_loss(f, f.w_o)))),
    Rule(STORY, r"still predicts the|still knows the .{,30}exactly", lambda f, m: f.zero(f.unlearning(f.w_t))),
    Rule(
        STORY,
        r"predicts the .{,30}exactly too|error on .{,30} cannot show it here",
        lambda f, m: both(f.zero(f.unlearning(f.w_g)), f.zero(f.unlearning(f.w_t))),
    ),
    Rule(STORY, r"ends at golden itself|training ends, the model is golden", lambda f, m: f.one(f.w_t, f.w_g)),
    Rule(STORY, r"but the weights are not|Yet its weights are", lambda f, m: opposite(f.one(f.w_t, f.w_g))),
    Rule(STORY, r"(?:errs?|happens to err) less (?:on|than)", _tuned_against_golden("less", "near")),
    Rule(STORY, r"errs more (?:on|than)", _tuned_against_golden("more", "near")),
    Rule(STORY, r"errs nearly as much|is nearly golden's", _tuned_against_golden("near")),
    Rule(STORY, r"errs exactly as much", _tuned_against_golden("same")),
    Rule(STORY, r"(?:No|Not to become golden): the error on .{,30} is golden's", _tuned_against_golden("same")),
    Rule(
        STORY,
        rf"squared error (?:of|on .{{,30}}? is) (?P<a>{LOSS}),? golden's is (?P<b>{LOSS})",
        lambda f, m: _losses_of(lambda f: f.w_t)(f, m) if f.page != "start" else None,
    ),
    Rule(STORY, rf"misses by a mean squared error of ({LOSS})", lambda f, m: loss(f, m[1], f.unlearning(f.w_g))),
    Rule(STORY, rf"Yet its weights are ({NUMBER}) away", lambda f, m: length(f, m[1], f.away(f.w_t))),
    Rule(
        STORY,
        rf"distance to golden (?:went|hardly changed,) from ({NUMBER}) to ({NUMBER})",
        lambda f, m: both(length(f, m[1], f.away(f.w_o)), length(f, m[2], f.away(f.w_t)), m[1] != m[2]),
    ),
    Rule(STORY, rf"distance to golden stays ({NUMBER})", lambda f, m: length(f, m[1], f.away(f.w_o))),
    Rule(STORY, r"No feature is shared", lambda f, m: f.shared == 0),
    Rule(STORY, r"All features are shared", lambda f, m: f.shared == f.d),
    Rule(
        STORY,
        rf"({NUMBER}) of ({NUMBER}) features (?:is|are) shared",
        lambda f, m: (value(m[1]), value(m[2])) == (f.shared, f.d),
    ),
    Rule(
        ("start",),
        rf"is what it was: (?P<b>{LOSS}); golden's is (?P<g>{LOSS})",
        lambda f, m: both(_steps(f, m), _same_or_none(f, *(f.unlearning(w) for w in descent(f)))),
    ),
    Rule(("start",), rf"took the .{{,60}}? from (?P<a>{LOSS}) to (?P<b>{LOSS}); golden's is (?P<g>{LOSS})", _steps),
    Rule(
        ("distinct", "overlap"),
        rf"\bis ({NUMBER})%: ",
        lambda f, m: _share(f, m[1]) if f.page == "overlap" else None,
    ),
    Rule(
        ("overlap",),
        rf"Near ({NUMBER})% overlap the ({NUMBER}) rows to keep are as many as the features they use",
        lambda f, m: value(m[2]) == len(f.y_r) and f.spec.noise > 0 and _peaks(f, value(m[1])),
    ),
    Rule(("start",), rf"has hardly changed: (?P<b>{LOSS}); golden's is (?P<g>{LOSS})", _steps),
    Rule(("start",), r"Here these errors are zero", lambda f, m: f.zero(_seen_loss(f, f.w_o))),
    Rule(("start",), r"Here the sum is zero", lambda f, m: f.at_rest(f.w_o)),
    Rule(("start",), r"these rows use every direction", lambda f, m: _rank(f.X_t) == f.d),
    Rule(
        ("distinct",),
        rf"a length of ({NUMBER}) stays there, where golden has 0",
        lambda f, m: length(f, m[1], np.linalg.norm(apart(f)[1])),
    ),
    Rule(
        ("distinct",),
        r"Set these weights of the pretrained model to zero, and it is golden",
        lambda f, m: f.one(np.where(np.arange(f.d) < f.retain_only, f.w_o, 0.0), f.w_g),
    ),
    Rule(
        ("distinct",),
        rf"it sees ({NUMBER}) of ({NUMBER}) rows to keep",
        lambda f, m: (value(m[1]), value(m[2])) == (f.n_t, len(f.y_r)) and f.n_t < len(f.y_r),
    ),
    Rule(
        ("distinct",),
        rf"unlearning loss (?:stays|is) ({LOSS}); golden's (?:unlearning loss )?is ({LOSS})",
        lambda f, m: both(loss(f, m[1], f.unlearning(f.w_t)), loss(f, m[2], f.unlearning(f.w_g))),
    ),
    # Remedies.
    Rule(
        ("remedy",),
        rf"(Option [AB]) erased ({NUMBER}) weights? out of ({NUMBER})",
        lambda f, m: (
            (value(m[2]), value(m[3])) == (f.forget_only + (f.shared if m[1] == "Option B" else 0), f.d)
            and not f.view["rotate"]
        ),
    ),
    Rule(("remedy",), r"No feature belongs to .{,30}alone", lambda f, m: f.forget_only == 0 or f.view["rotate"]),
    Rule(("remedy",), r"use every feature, so Option B", lambda f, m: f.retain_only == 0 or f.view["rotate"]),
    Rule(("remedy",), r"After fine-tuning it is golden", lambda f, m: f.one(_chosen(f), f.w_g)),
    Rule(
        ("remedy",),
        rf"After fine-tuning it is ({NUMBER}) away from golden; plain fine-tuning ends (?:at golden|({NUMBER}) away)",
        lambda f, m: both(
            length(f, m[1], f.away(_chosen(f))),
            length(f, m[2], f.away(f.w_t)) if m[2] else f.one(f.w_t, f.w_g),
            opposite(f.one(_chosen(f), f.w_g)),
        ),
    ),
    Rule(
        ("remedy",),
        rf"Its unlearning loss is ({LOSS}), golden's ({LOSS}); its remaining loss is ({LOSS}), golden's ({LOSS})",
        lambda f, m: both(
            *(
                loss(f, text, of(w))
                for text, of, w in zip(
                    m.groups(),
                    (f.unlearning, f.unlearning, f.remaining, f.remaining),
                    (_chosen(f), f.w_g) * 2,
                    strict=True,
                )
            )
        ),
    ),
    Rule(("remedy",), r"is Option A golden", lambda f, m: f.one(options(f)["Option A"], f.w_g)),
    Rule(("remedy",), r"is Option A not golden", lambda f, m: opposite(f.one(options(f)["Option A"], f.w_g))),
    Rule(("remedy",), r"golden does not fit (?:exactly|them)", lambda f, m: opposite(f.zero(f.remaining(f.w_g)))),
    Rule(
        ("remedy",),
        rf"({OPTION}) breaks it",
        lambda f, m: both(f.zero(f.remaining(f.w_o)), opposite(f.zero(f.remaining(_at_first_rows(f, m[1]))))),
    ),
    Rule(
        ("remedy",),
        rf"({OPTION}) has 0 at every number of rows shown",
        lambda f, m: both(f.zero(f.remaining(_at_first_rows(f, m[1]))), f.zero(f.remaining(options(f)[m[1]]))),
    ),
    Rule(
        ("remedy",),
        rf"({OPTION}) (?:breaks it:|has) ({LOSS}) after {NUMBER} rows?",
        lambda f, m: loss(f, m[2], f.remaining(_at_first_rows(f, m[1]))),
    ),
    Rule(
        ("remedy",),
        rf"On this draw, Option ([AB]) is nearer to golden \(A ({NUMBER}), B ({NUMBER}) away\)",
        lambda f, m: both(
            length(f, m[2], f.away(options(f)["Option A"])),
            length(f, m[3], f.away(options(f)["Option B"])),
            _nearer(f, m[1]),
        ),
    ),
    Rule(("remedy",), r"Fine-tuning cannot forget\.", lambda f, m: opposite(f.one(f.w_t, f.w_g))),
    Rule(
        ("remedy",),
        rf"Option A's mean squared error on .{{,30}} is (?P<a>{LOSS}), golden's is (?P<b>{LOSS})",
        lambda f, m: both(loss(f, m["a"], f.unlearning(options(f)["Option A"])), loss(f, m["b"], f.unlearning(f.w_g))),
    ),
    Rule(
        ("remedy",),
        rf"fits all of them less well: its remaining loss is ({LOSS}), golden's is ({LOSS})",
        lambda f, m: both(
            loss(f, m[1], f.remaining(options(f)["Option A"])),
            loss(f, m[2], f.remaining(f.w_g)),
            f.remaining(options(f)["Option A"]) > f.remaining(f.w_g),
        ),
    ),
    Rule(
        ("remedy",),
        rf"part of length ({NUMBER}) is invisible",
        lambda f, m: length(f, m[1], f.leftover(options(f)["Option A"])),
    ),
    Rule(
        ("remedy",),
        r"can see all of what it keeps",
        lambda f, m: f.nothing(f.leftover(options(f)["Option A"])),
    ),
    Rule(
        ("remedy",), rf"pretrained model's remaining loss is ({LOSS})", lambda f, m: loss(f, m[1], f.remaining(f.w_o))
    ),
    # The triangle.
    Rule(("geometry",), r"the triangle is flat|it ends at golden itself", lambda f, m: f.nothing(f.leftover(f.w_o))),
    Rule(("geometry",), r"A right triangle", lambda f, m: f.one(f.P_r @ f.w_o, f.w_g)),
    Rule(("geometry",), r"form no right triangle", lambda f, m: opposite(f.one(f.P_r @ f.w_o, f.w_g))),
    Rule(
        ("geometry",),
        rf"golden \(({NUMBER})\) .{{,80}}pretrained model \(({NUMBER})\).{{,40}}leftover \(({NUMBER})\)",
        lambda f, m: both(
            *(
                length(f, text, true)
                for text, true in zip(
                    m.groups(),
                    (np.linalg.norm(f.w_g), np.linalg.norm(f.w_o), f.leftover(f.w_o)),
                    strict=True,
                )
            )
        ),
    ),
    Rule(
        ("geometry",),
        rf"From half of pretrained it ends at (?P<a>{LOSS})(?:: .{{,30}}% of golden's|; golden's is) (?P<b>{LOSS})",
        lambda f, m: both(loss(f, m["a"], _half(f)), loss(f, m["b"], f.unlearning(f.w_g))),
    ),
    Rule(("geometry",), r"= 25% of golden's", lambda f, m: shows("25.0", 100 * _half(f) / f.unlearning(f.w_g), 1e-6)),
    Rule(
        ("geometry",),
        rf"Pretrained itself misses these rows by ({LOSS})",
        lambda f, m: loss(f, m[1], f.unlearning(f.w_o)),
    ),
    # The valley, whose rows are the reader's.
    Rule(("geometry",), r"ball does not roll", lambda f, m: _length(_valley(f).start - _valley(f).end) <= 1e-6),
    Rule(
        ("geometry",),
        rf"Straight across, ({NUMBER}) away from golden",
        lambda f, m: both(
            shows(m[1], _length(_valley(f).end - _valley(f).golden)), _length(_valley(f).start - _valley(f).end) > 1e-7
        ),
    ),
    Rule(("geometry",), r"this time to golden", lambda f, m: _length(_valley(f).end - _valley(f).golden) <= 1e-6),
    Rule(
        ("geometry",),
        rf"(?:ends at|stays) (?P<a>{NUMBER}); golden's is (?P<b>{NUMBER})",
        lambda f, m: (
            both(shows(m["a"], _valley(f).missed("end"), 1e-16), shows(m["b"], _valley(f).missed("golden"), 1e-16))
            if f.view["view"] == "two" and f.view.rows is None
            else None
        ),
    ),
    Rule(
        ("geometry",),
        rf"From half of pretrained it ends at (?P<a>{LOSS}); golden's is (?P<b>{LOSS})",
        lambda f, m: both(loss(f, m["a"], _half(f)), loss(f, m["b"], f.unlearning(f.w_g))),
    ),
    Rule(("geometry",), r"nothing to forget", lambda f, m: np.linalg.matrix_rank(_valley(f).rows) == 1),
]
