"""Hold the parameters or the multiply-adds, move one dimension, and see which value of another keeps the budget."""

from PySide6.QtCore import QObject, QSignalBlocker, Slot
from PySide6.QtWidgets import QSizePolicy, QWidget

from resnet_studio.analysis.budget import Balance, Held, Knob, balance, knobs, setting, span, words
from resnet_studio.gui import numbers
from resnet_studio.gui.session import Session
from resnet_studio.gui.widgets.choice import Choice
from resnet_studio.gui.widgets.panel import Section
from resnet_studio.gui.widgets.slider import Slider
from resnet_studio.gui.widgets.whole_spin import WholeSpin
from resnet_studio.spec.errors import StudioError
from resnet_studio.spec.network import NetworkSpec

HELD: dict[Held, str] = {"params": "parameters", "mult_adds": "multiply-adds"}
HOLDS = ((None, "nothing"), *HELD.items())
TARGETS = (("design", "this design's"), ("baseline", "the baseline's"))
NOTCHES = 60
"""Notches of the slider at most; where the span is longer, they lie as far apart as its ratio needs."""

NOTHING_HELD = "Choose first what is to be held."


class BudgetSection(QObject):
    """What is held and what is moved is no part of the experiment; each move is a step of it that can be undone."""

    def __init__(self, session: Session, section: Section) -> None:
        """Add the rows to a section, whose head says what is held while it is folded."""
        super().__init__(section)
        self._session, self._section = session, section
        self._kept = 0
        self._start: NetworkSpec | None = None
        self._last: tuple[int, Balance] | None = None
        self._stops: tuple[int, ...] = (1,)
        self._hold = Choice(HOLDS, name="budget.hold", label="what is held")
        self._target = Choice(TARGETS, name="budget.target", label="whose budget is held")
        self._move = Choice(name="budget.move", label="dimension that is moved")
        self._slider = Slider(0, 1, 0, name="budget.to.slider", label="where it is moved")
        self._to = WholeSpin(1, 65_536, name="budget.to", label="where it is moved")
        self._partner = Choice(name="budget.partner", label="dimension that follows")
        self._lay_out()
        self._connect()
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Show what stands: the dimensions of this design, where the moved one is, and how near the budget is."""
        network, held = self._session.experiment.network, self._held()
        self._offer_targets()
        self._offer_knobs(network)
        move = self._knob(self._move)
        low, high = span(network, move)
        self._stops = _stops(low, high)
        here = setting(network, move)
        with QSignalBlocker(self._to), QSignalBlocker(self._slider):
            self._to.setRange(low, high)
            self._to.set_number(here)
            self._slider.setRange(0, len(self._stops) - 1)
            self._slider.setValue(min(range(len(self._stops)), key=lambda place: abs(self._stops[place] - here)))
        self._enable(network, held)
        if held is None:
            self._section.set_summary("off")
            self._hold_row.set_note("")
            self._words_row.set_note("")
        else:
            target = self._budget(held)
            self._section.set_summary(f"{HELD[held]} {_short(held, target)}")
            self._hold_row.set_note(f"{_shown(held, target)} {HELD[held]}")
            self._words_row.set_note(self._in_words(held, target))

    # ---- what is shown

    def _lay_out(self) -> None:
        for field in (self._to, self._slider):
            field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._to.setFixedWidth(66)
        section = self._section
        section.add_row("Hold", self._hold)
        self._hold_row = section.add_row("Budget", self._target)
        section.add_row("Move", self._move)
        self._to_row = section.add_row("To", self._slider, self._to)
        self._words_row = section.add_row("Follows", self._partner)
        self._hold.setToolTip("The cost that stays while a dimension of the design is moved")
        self._target.setToolTip("The cost of this design as it is now, or of the pinned baseline")

    def _offer_targets(self) -> None:
        pinned = self._session.baseline
        reason = "No baseline is pinned." if pinned is None else ""
        if pinned is not None and pinned.analysis.errors:
            reason = "The baseline can't be built, so it has no cost."
        self._target.set_option_enabled("baseline", enabled=not reason, reason=reason)
        if reason and self._target.value() == "baseline":
            with QSignalBlocker(self._target):
                self._target.set_value("design")

    def _offer_knobs(self, network: NetworkSpec) -> None:
        """Offer the dimensions that this design has, and the others to follow."""
        possible = knobs(network)
        with QSignalBlocker(self._move), QSignalBlocker(self._partner):
            other_design = _offered(self._move) != possible
            if other_design:
                self._move.set_options([(knob, knob) for knob in possible])
                self._move.set_value(possible[0])
            others = tuple(knob for knob in possible if knob != self._move.value())
            if _offered(self._partner) != others:
                self._partner.set_options([(knob, knob) for knob in others])
            if other_design:
                self._partner.set_value(others[0])

    def _enable(self, network: NetworkSpec, held: Held | None) -> None:
        """Turn on what can be used, with what it moves as its tooltip."""
        moved, follows = words(network, self._knob(self._move)), words(network, self._knob(self._partner))
        tips: dict[QWidget, str] = {
            self._move: f"What you move: {moved}",
            self._slider: f"Move {moved}; the partner follows to the nearest valid value",
            self._to: f"Move {moved}; the partner follows to the nearest valid value",
            self._partner: f"What follows: {follows}",
        }
        self._target.setEnabled(held is not None)
        for field, tip in tips.items():
            field.setEnabled(held is not None)
            field.setToolTip(tip if held is not None else NOTHING_HELD)

    def _in_words(self, held: Held, target: int) -> str:
        """Return how near the design is to its budget, and what followed to get there."""
        analysis = self._session.analysis
        if analysis.errors:
            return "The design can't be built, so it has no cost."
        reached: int = getattr(analysis, held)
        off = numbers.percent(abs(reached / target - 1))
        sign = "+" if reached > target else "−"
        error = f"{sign}{off} %" if reached != target else "exactly"
        text = f"{_shown(held, reached)} of {_shown(held, target)}, {error}"
        if self._last and self._last[1].network == analysis.spec:
            before, last = self._last
            name = words(analysis.spec, last.partner)
            name += "," if name[-1].isdigit() else ""
            way = f"{before:,} → {last.partner_value:,}" if before != last.partner_value else f"stays {before:,}"
            return f"{name} {way}: {text}"
        return text

    # ---- what is wanted

    def _connect(self) -> None:
        self._hold.currentIndexChanged.connect(self._keep)
        self._target.currentIndexChanged.connect(self._keep)
        self._target.activated.connect(self._keep)  # the same one again: hold what the design costs now
        self._move.currentIndexChanged.connect(self.refresh)
        self._partner.currentIndexChanged.connect(self.refresh)
        self._to.valueChanged.connect(self._move_to)
        self._slider.valueChanged.connect(self._slid)
        for field in (self._to, self._slider):
            field.drag_started.connect(self._drag_started)
            field.drag_finished.connect(self._drag_finished)
        self._session.changed.connect(self.refresh)
        self._session.baseline_changed.connect(self.refresh)
        self._session.refused.connect(self._refused)

    def _held(self) -> Held | None:
        held: Held | None = self._hold.value()
        return held

    @staticmethod
    def _knob(choice: Choice) -> Knob:
        knob: Knob = choice.value()
        return knob

    def _budget(self, held: Held) -> int:
        """Return the cost that is held."""
        baseline = self._session.baseline
        if baseline is not None and self._target.value() == "baseline":
            self._kept = getattr(baseline.analysis, held)
        return self._kept

    @Slot()
    def _keep(self) -> None:
        """Hold what the design costs now."""
        held, analysis = self._held(), self._session.analysis
        self._last = None
        self._to_row.set_error("budget.to", None)
        if held is not None and analysis.errors:
            with QSignalBlocker(self._hold):
                self._hold.set_value(None)
            self._hold_row.set_error("budget.hold", "The design can't be built; mend it first.")
        else:
            self._hold_row.set_error("budget.hold", None)
            self._kept = getattr(analysis, held) if held is not None else 0
        self.refresh()

    @Slot(int)
    def _slid(self, notch: int) -> None:
        self._move_to(self._stops[notch])

    @Slot(int)
    def _move_to(self, to: int) -> None:
        """Move the dimension there, and let the partner follow."""
        held = self._held()
        if held is None:
            return
        # all of a drag starts from where it began: what follows depends on where the hand is, not on its way there
        network = self._start or self._session.experiment.network
        move, partner = self._knob(self._move), self._knob(self._partner)
        try:
            found = balance(network, hold=held, target=self._budget(held), move=move, to=to, partner=partner)
        except StudioError as error:
            self._to_row.set_error("budget.to", str(error))
            return
        self._to_row.set_error("budget.to", None)
        self._last = setting(network, partner), found
        text = f"{words(network, move)} {to:,}, {words(network, partner)} {found.partner_value:,}"
        self._session.change_many({"network": found.network.model_dump()}, text, merging=f"budget.{move}")
        self.refresh()

    @Slot()
    def _drag_started(self) -> None:
        self._start = self._session.experiment.network
        self._session.begin_drag()

    @Slot()
    def _drag_finished(self) -> None:
        self._start = None
        self._session.end_drag()

    @Slot(str, str)
    def _refused(self, path: str, sentence: str) -> None:
        if path.startswith("budget."):
            self._to_row.set_error("budget.to", sentence or None)


def _offered(choice: Choice) -> tuple[Knob, ...]:
    return tuple(choice.itemData(place) for place in range(choice.count()))


def _stops(low: int, high: int) -> tuple[int, ...]:
    """Return whole numbers from low to high, in even ratios where there are more than the slider has notches."""
    if high - low < NOTCHES:
        return tuple(range(low, high + 1))
    ratio = high / low
    return tuple(sorted({round(low * ratio ** (notch / NOTCHES)) for notch in range(NOTCHES + 1)}))


def _shown(held: Held, value: int) -> str:
    return numbers.count(value) if held == "params" else numbers.giga(value)


def _short(held: Held, value: int) -> str:
    return f"{numbers.mega(value)} M" if held == "params" else numbers.giga(value)
