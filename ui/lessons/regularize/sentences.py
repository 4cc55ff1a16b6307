"""What a push on the forget rows did, and what an equal error proves: sentences true at every setting."""

from collections.abc import Callable, Mapping, Sequence

from theory import METHODS, Crossing, Metrics, Spec, TradeOff
from theory.trade_off import ONE_MODEL
from ui.language import Texts, say
from ui.language.words import look_same, loss_text, number, right_answer, rows_forgotten, rows_to_forget

PUSHED = "discriminative"
# The models of the page, those of the histograms, and their names on screen.
KEYS = ("pretrained", "fine_tune", "golden", PUSHED)
ATTACKED = ("pretrained", PUSHED, "golden")
LABELS = Texts({**{key: method.label for key, method in METHODS.items()}, PUSHED: "Pushed"})

VARIANTS = (
    "The paper's first version writes the push in three ways. Classifiers measure an error by *cross-entropy* (CE): "
    "how surprising a label is under the model's prediction. **CE-FT** adds alpha times the error against the target "
    "to the error on the rows to keep. **Inverse CE-FT** instead multiplies the error on the rows to keep, by 1/alpha. "
    "**KL-FT** compares with a whole distribution around the target, by the *Kullback-Leibler divergence* (KL).\n\n"
    "In this model all three are squared errors. KL and CE differ by a number that no weight can change (D1 below). "
    "Multiplying everything by 1/alpha moves no minimum (D2; the price mu of moving is then multiplied too). So this "
    "page has one slider, not three. It is the first version's proposal; the published version replaced it by masks "
    "that keep the weights the rows to keep use (retention-based masking)."
)


def _away(distance: float, size: float) -> str:
    return "0" if distance <= ONE_MODEL * size else number(distance)


def outcome(crossing: Crossing | None) -> str:
    """Return which answer to "when the error equals golden's, is the model golden?" is right."""
    if crossing is None:
        return "never"
    return "golden" if crossing.golden else "apart"


def _range(curve: TradeOff) -> str:
    low, high = (
        loss_text(float(end), short=True) for end in (curve.unlearning_loss.min(), curve.unlearning_loss.max())
    )
    if low == high:
        return say("it is {low} at each of them", low=low)
    return say("it lies between {low} and {high}", low=low, high=high)


def _apart(crossing: Crossing, curve: TradeOff, pretrained: float) -> str:
    error = say(
        "At alpha = {alpha} the pushed model's error on the rows to forget is golden's, ", alpha=number(crossing.alpha)
    )
    error += f"{loss_text(crossing.unlearning_loss)}."
    distance = say(
        "{away} away from golden's (pretrained: {away2})",
        away=_away(crossing.distance, curve.size),
        away2=_away(pretrained, curve.size),
    )
    if crossing.row_gap <= ONE_MODEL * max(crossing.distance, crossing.unlearning_loss**0.5):
        return say(
            "{error} Even row by row it predicts what golden predicts, and still its weights are {distance}.",
            error=error,
            distance=distance,
        )
    return say(
        "{error} But row by row it predicts something else: the two differ by {row_gap} (root "
        "mean square), and its weights are {distance}.",
        error=error,
        row_gap=number(crossing.row_gap),
        distance=distance,
    )


def equal_error(crossing: Crossing | None, curve: TradeOff, golden: Metrics, pretrained: Metrics) -> str:
    """Return what an error equal to golden's proves at this setting, in numbers."""
    if crossing is None:
        level = loss_text(golden.unlearning_loss)
        count = say("none of the {alphas} weights on the scale", alphas=len(curve.alphas))
        jumps = curve.unlearning_loss.min() < golden.unlearning_loss < curve.unlearning_loss.max()
        jump = say(" It jumps over golden's error as soon as there is any push.") if jumps else ""
        return say(
            "Here {count} gives the rows to forget golden's error, {level}: {range}.{jump} So there "
            "is no push to stop at.",
            count=count,
            level=level,
            range=_range(curve),
            jump=jump,
        )
    if crossing.golden:
        push = (
            say("without any push") if crossing.alpha == 0 else say("at alpha = {alpha}", alpha=number(crossing.alpha))
        )
        return say(
            "Here the two go together: {push} the error on the rows to forget is golden's, "
            "{unlearning_loss}, and so is every weight of the model. That is the exception; the "
            "error alone does not show it.",
            push=push,
            unlearning_loss=loss_text(crossing.unlearning_loss),
        )
    return _apart(crossing, curve, pretrained.distance)


def verdict(
    options: Mapping[str, str],
    guess: str | int | None,
    find_crossing: Callable[[], Crossing | None],
    curve: TradeOff,
    records: Mapping[str, Metrics],
) -> str:
    """Return how a guess compares with the answer at this setting, or the answer alone, and the numbers behind it.

    The crossing is looked for here: the first picture does not wait for it.
    """
    crossing = find_crossing()
    right = outcome(crossing)
    numbers = equal_error(crossing, curve, records["golden"], records["pretrained"])
    if guess is None:
        return f"{right_answer(options, {right})} {numbers}"
    compared = say("You guessed “{options}”", options=say(options[str(guess)]))
    compared += (
        say(", and so it is here.")
        if guess == right
        else say("; here the answer is “{options}”.", options=say(options[right]))
    )
    return f"{compared} {numbers}"


def _against_golden(pushed: Metrics, golden: Metrics, rows: int) -> str:
    loss, level = loss_text(pushed.unlearning_loss), loss_text(golden.unlearning_loss)
    error = say("the error on {rows} is **{loss}**", rows=rows_to_forget(rows), loss=loss)
    them = say("it") if rows == 1 else say("them")
    if look_same(pushed.unlearning_loss, golden.unlearning_loss):
        return say("{error}, the same as golden's", error=error)
    if pushed.unlearning_loss < golden.unlearning_loss:
        return say(
            "{error}, less than golden's {level}: the model predicts {them} better than one that never saw {them}",
            error=error,
            level=level,
            them=them,
        )
    return say(
        "{error}, more than golden's {level}: **over-forgetting**, worse than a model that never saw {them}",
        error=error,
        level=level,
        them=them,
    )


def _closest(curve: TradeOff, pretrained: Metrics) -> str:
    best = float(curve.distance.min())
    at = [float(a) for a, d in zip(curve.alphas, curve.distance, strict=True) if d - best <= ONE_MODEL * curve.size]
    how_far = say("a distance of {away}", away=_away(best, curve.size))
    if len(at) == len(curve.alphas):
        return say("Every weight on the scale leaves it as far from golden, {how_far}.", how_far=how_far)
    if at[0] == 0:
        return say("No push on the scale brings it closer to golden than none: {how_far}.", how_far=how_far)
    if curve.idle:
        return say("Every push on the scale brings it equally close to golden: {how_far}.", how_far=how_far)
    return say("On this scale, alpha = {at:g} comes closest to golden: {how_far}.", at=at[0], how_far=how_far)


def push(spec: Spec, alpha: float, curve: TradeOff, records: Mapping[str, Metrics], target: str) -> str:
    """Return what the push did to both losses and to the distance to golden, in three sentences.

    One more says that a single label cannot be shuffled.
    """
    pushed, golden, before = records[PUSHED], records["golden"], records["pretrained"]
    start = say("Without a push") if alpha == 0 else say("With alpha = {alpha:g}", alpha=alpha)
    distance, old = _away(pushed.distance, curve.size), _away(before.distance, curve.size)
    weights = (
        say("its weights are golden's")
        if distance == "0"
        else say("its weights are {distance} away from golden's", distance=distance)
    )
    own = (
        say("One label cannot be shuffled: **this push teaches the true label**. ")
        if target == "shuffled" and spec.n_forget == 1
        else ""
    )
    return own + say(
        "{start}, {against_golden}. The error on the rows to keep is {remaining_loss}, and "
        "{weights}; the pretrained model's are {old} away. {closest}",
        start=start,
        against_golden=_against_golden(pushed, golden, spec.n_forget),
        remaining_loss=loss_text(pushed.remaining_loss),
        weights=weights,
        old=old,
        closest=_closest(curve, before),
    )


def weight(spec: Spec, mu: float, curve: TradeOff) -> str:
    """Return whether the weight alpha matters at this setting, and why."""
    on = curve.alphas > 0
    losses = curve.unlearning_loss[on]
    if curve.idle:
        error = say("an error of {losses} on the rows to forget", losses=loss_text(float(losses[0])))
        same = say("Here **every alpha above 0 gives the same model**, with {error}", error=error)
        if mu == 0 and spec.fits_any_labels:
            return say("{same}: it fits every row it trains on and every target.", same=same)
        return say("{same}: no weights come closer to the targets, so there is nothing to push for.", same=same)
    ends = say(
        "from {losses} at alpha = {alphas:g} to {losses2} ",
        losses=loss_text(float(losses[0])),
        alphas=curve.alphas[on][0],
        losses2=loss_text(float(losses[-1])),
    )
    ends = say(
        "the error on the rows to forget goes {ends}at alpha = {alphas:g}", ends=ends, alphas=curve.alphas[on][-1]
    )
    if mu > 0:
        return say("Here mu = {mu:g} asks the model to stay close, so **alpha matters**: {ends}.", mu=mu, ends=ends)
    crowded = (
        "" if spec.fits_any_labels else say(" and the features have no room to fit all rows whatever their labels")
    )
    return say("Here mu = 0{crowded}, and **alpha matters**: {ends}.", crowded=crowded, ends=ends)


WEIGHT = (
    "The push asks for two things: small errors on the rows to keep, and small errors against the target. With room "
    "for all rows, some weights do both perfectly. Both errors are then zero, and zero times any alpha is zero: "
    "**alpha weighs nothing**. It matters only where wishes conflict: when the model should also stay close to the "
    "pretrained one (mu above 0), when training stops early, or when there are more rows than the features can fit."
)
EQUAL = (
    "The error on the rows to forget is one number, an average over rows. Many models share one average. "
    "On the way to wrong labels, a push may pass golden's average; nothing makes it pass golden itself."
)
TRADE = (
    "Walk along the curve and watch both errors. A push that costs nothing on the rows to keep stays at the left edge. "
    "Golden's place is on the picture too: a model can stand on it and still be another one. The slider moves this "
    "picture alone; the alpha at the top of the page stays."
)
ATTACK = (
    "Take one row that was to be forgotten and one fresh row of the same kind, which no model has seen. An attacker "
    "says: the one with the smaller error was trained on. Blind guessing is right in 50 % of all such pairs. "
    "How often the attacker is right is called the attack's *AUC*. Among few rows blind guessing, too, is often right "
    "or wrong by chance: the range it keeps to in 19 of 20 draws stands beside."
)


def auc(record: Metrics) -> str:
    """Return how often the attacker is right, in percent."""
    return f"{100 * record.membership_auc:.3g} %"


def blind(record: Metrics) -> str:
    """Return how often blind guessing is right among as many rows, in percent."""
    low, high = (100 * (0.5 + side * record.membership_reach) for side in (-1, 1))
    return say("{low:.3g} to {high:.3g} %", low=low, high=high)


def titles(records: Mapping[str, Metrics], rows: int) -> dict[str, str]:
    """Return what stands over every model's histogram: its name and how often the attacker is right, if that counts."""
    if rows == 1:
        return {key: f"<b>{LABELS[key]}</b>" for key in ATTACKED}
    return {
        key: say("<b>{model}</b>: attacker right in {auc}", model=LABELS[key], auc=auc(records[key]))
        for key in ATTACKED
    }


def attack(records: Mapping[str, Metrics], rows: int) -> str:
    """Return how well the attacker does on the three models, and what the pushed one gives away; not from one row."""
    if rows == 1:
        return say("With one row to forget there is one such pair: too few to say how often the attacker is right.")
    listed = ", ".join(f"{LABELS[key].lower()} {auc(records[key])}" for key in ATTACKED)
    r = records[PUSHED]
    found = {
        "too few rows": say("With so few rows even an attacker who is always right may be lucky: nothing can be told."),
        "not told apart": say("On the pushed model the attack cannot be told from blind guessing."),
        "given away": say("The pushed model still gives the rows to forget away."),
        "standing out": say(
            "On the pushed model it is wrong more often than right: the rows to forget stand out by "
            "errors that are too large, and whoever turns the rule round finds them."
        ),
    }[r.attack]
    return say(
        "The attacker is right in: {listed}. Blind guessing among so many rows is right in {blind}. {found}",
        listed=listed,
        blind=blind(r),
        found=found,
    )


def _at(curve: TradeOff, i: int) -> str:
    return say(
        "at alpha {alphas:g} remaining loss {remaining_loss} and unlearning loss {unlearning_loss}",
        alphas=curve.alphas[i],
        remaining_loss=loss_text(float(curve.remaining_loss[i])),
        unlearning_loss=loss_text(float(curve.unlearning_loss[i])),
    )


def describe_push(curve: TradeOff, alpha: float, records: Mapping[str, Metrics], told: bool) -> str:
    """Return the curves against alpha as a sentence: ends, golden's level, and the distances once they are told."""
    text = say(
        "Losses against the weight of the push: {at}; {at2}. Golden's unlearning loss is {unlearning_loss}",
        at=_at(curve, 0),
        at2=_at(curve, -1),
        unlearning_loss=loss_text(records["golden"].unlearning_loss),
    )
    if not told:
        return say("{begin}. How far the model is from golden follows the guess.", begin=text)
    return say(
        "{begin}. Distance to golden: {away} at the current alpha, {alpha:g}; between {away2} "
        "and {away3} over all; the pretrained model's is {away4}.",
        begin=text,
        away=_away(records[PUSHED].distance, curve.size),
        alpha=alpha,
        away2=_away(float(curve.distance.min()), curve.size),
        away3=_away(float(curve.distance.max()), curve.size),
        away4=_away(records["pretrained"].distance, curve.size),
    )


def push_texts(curve: TradeOff) -> list[str]:
    """Return what the scrubber of the trade-off says at every weight."""
    return [say("no push") if a == 0 else say("alpha = {a:g}", a=a) for a in curve.alphas.tolist()]


def describe_trade_off(curve: TradeOff, records: Mapping[str, Metrics]) -> str:
    """Return the trade-off as a sentence: its two ends, and the models marked."""
    marks = "; ".join(
        say(
            "{model} {remaining_loss} and {unlearning_loss}",
            model=LABELS[key],
            remaining_loss=loss_text(records[key].remaining_loss),
            unlearning_loss=loss_text(records[key].unlearning_loss),
        )
        for key in ("pretrained", "fine_tune", "golden")
    )
    return say(
        "Unlearning loss against remaining loss, with alpha as a slider: {at}; {at2}. Marked, "
        "remaining and unlearning loss: {marks}.",
        at=_at(curve, 0),
        at2=_at(curve, -1),
        marks=marks,
    )


def describe_residuals(records: Mapping[str, Metrics], rows: int, keys: Sequence[str] = ATTACKED) -> str:
    """Return the histograms as a sentence: both mean squared errors and the AUC of every model."""
    parts = "; ".join(
        say(
            "{model} {unlearning_loss} on the rows to forget, {test_unlearning_loss} on fresh ones",
            model=LABELS[k],
            unlearning_loss=loss_text(records[k].unlearning_loss),
            test_unlearning_loss=loss_text(records[k].test_unlearning_loss),
        )
        + (say(", attack right in {auc}", auc=auc(records[k])) if rows > 1 else "")
        for k in keys
    )
    return say(
        "Histograms of the errors on {forget_rows} and as many fresh ones. Mean squares: {parts}.",
        forget_rows=rows_forgotten(rows),
        parts=parts,
    )
