"""Tables of plants: what runs, how it is switched, and what it takes in and gives out per unit of activity."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .tables import Bools, Floats, Ints, Label


@dataclass(frozen=True, eq=False, repr=False)
class Plants:
    """Processes placed in parks. A run is the amount of the reference material in a period."""

    label: tuple[Label, ...]
    process: tuple[Label, ...]
    company: Ints
    reference: Ints
    """material whose amount the run counts"""
    treatment: Bools
    """the process only makes a waste harmless"""
    capacity: Floats
    """(T, n) nameplate, reference units per period; inf where unlimited"""
    lower: Floats
    """(T, n) least run: the highest of minimum load, run.min and fix, reference units per period"""
    upper: Floats
    """(T, n) largest run: the lowest of available capacity, run.max and fix, reference units per period"""
    variable_cost: Floats
    """(n,) money per reference unit"""
    fixed_cost: Floats
    """(T, n) money per period, whatever the run"""
    origin: Ints
    lower_origin: Ints
    """(n,), or (T, n) where it differs between periods; likewise `upper_origin`"""
    upper_origin: Ints
    ramp: Floats = field(default_factory=lambda: np.empty(0))
    """(n,) largest change of the run between neighbouring periods, share of capacity per year; inf where none.
    Empty where no plant has one; likewise `ramp_origin`"""
    ramp_origin: Ints = field(default_factory=lambda: np.empty(0, np.int32))

    def plant_id(self, row: int) -> str:
        """Return the plant as the case calls it: a mode `x.mode` is a row of its own, but belongs to plant `x`."""
        return self.label[row].id.partition(".")[0]


@dataclass(frozen=True, eq=False, repr=False)
class Units:
    """Capacities that several runs share: units of a park, and plants with modes."""

    label: tuple[Label, ...]
    park: Ints
    unit: tuple[str, ...]
    """what the capacity is counted in: t, h, …"""
    lower: Floats
    """(T, n) least work, capacity units per period"""
    upper: Floats
    """(T, n) available capacity, capacity units per period; inf where unlimited"""
    lower_origin: Ints
    """(n,), or (T, n) where it differs between periods; likewise `upper_origin`"""
    upper_origin: Ints
    term_unit: Ints
    """(k,) row of this table a term belongs to"""
    term_plant: Ints
    """(k,) plant whose run takes capacity"""
    term_factor: Floats
    """(k,) capacity units per reference unit of the plant"""

    @classmethod
    def empty(cls) -> Units:
        """Return a table without units."""
        none, table = np.empty(0, np.int32), np.empty((1, 0))
        return cls((), none, (), table, table, none, none, none, none, np.empty(0))


@dataclass(frozen=True, eq=False, repr=False)
class Commitments:
    """Plants that are either on or off in a period."""

    plant: Ints
    least: Floats
    """(T, n) least run while on, reference units per period"""
    start_cost: Floats
    """(n,) money per start"""
    min_up: Floats
    """(n,) least time on after a start, a; 0 where none"""
    min_down: Floats
    """(n,) least time off after a stop, a; 0 where none"""
    origin: Ints
    least_origin: Ints

    @classmethod
    def empty(cls) -> Commitments:
        """Return a table without plants that switch."""
        none, zero = np.empty(0, np.int32), np.empty(0)
        return cls(none, np.empty((1, 0)), zero, zero, zero, none, none)


@dataclass(frozen=True, eq=False, repr=False)
class Campaigns:
    """Modes of plants that work in one mode at a time: k modes, each of them on or off as `Commitments` says."""

    label: tuple[Label, ...]
    """(n,) plants"""
    park: Ints
    """(n,) park of each plant"""
    origin: Ints
    """(n,)"""
    plant: Ints
    """(k,) row of this table"""
    commitment: Ints
    """(k,) row of `Commitments`"""
    lost: Floats
    """(T, k) what a changeover to the mode takes of its capacity, reference units"""

    @classmethod
    def empty(cls) -> Campaigns:
        """Return a table without campaigns."""
        none = np.empty(0, np.int32)
        return cls((), none, none, none, none, np.empty((1, 0)))


@dataclass(frozen=True, eq=False, repr=False)
class LoadSteps:
    """Neighbouring steps of plants whose recipe changes with load: pairs that are filled one after the other."""

    earlier: Ints
    """plant row of a step"""
    later: Ints
    """plant row of the step after it"""
    whole: Bools
    """whole numbers see to the order; otherwise the answer is only checked for it"""
    origin: Ints

    @classmethod
    def empty(cls) -> LoadSteps:
        """Return a table without steps."""
        none = np.empty(0, np.int32)
        return cls(none, none, np.empty(0, bool), none)


@dataclass(frozen=True, eq=False, repr=False)
class Entries:
    """Recipe lines of plants: what a run makes and uses. Input and output of one material stay two lines."""

    plant: Ints
    node: Ints
    amount: Floats
    """material units per reference unit; positive is made, negative is used"""
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Slots:
    """Inputs that several materials can fill."""

    id: tuple[str, ...]
    plant: Ints
    need: Floats
    """need units per reference unit of the plant"""
    unit: tuple[str, ...]
    """what the need is counted in, e.g. `t CaO`"""
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class Options:
    """Ways to fill a slot. Fills are in units of the filling material per period."""

    slot: Ints
    node: Ints
    gives: Floats
    """need units per material unit"""
    min_share: Floats
    """least share of the need, 1; 0 where none is stated"""
    max_share: Floats
    """largest share of the need, 1; 1 where none is stated"""
    origin: Ints
    min_origin: Ints
    max_origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class OptionEntries:
    """What else a unit of fill makes (positive) or uses (negative)."""

    option: Ints
    node: Ints
    amount: Floats
    origin: Ints


@dataclass(frozen=True, eq=False, repr=False)
class SlotLimits:
    """Bounds on the mass fraction of an element or compound in the blend that fills a slot.

    Fills count as mass here: `mass` turns a unit of the filling material into tonnes.
    """

    slot: Ints
    substance: tuple[str, ...]
    lower: Floats
    """least mass fraction, 1; -inf where none"""
    upper: Floats
    """largest mass fraction, 1; inf where none"""
    origin: Ints
    term_limit: Ints
    """(k,) row of this table the term belongs to"""
    term_option: Ints
    """(k,) option"""
    term_content: Floats
    """(k,) tonnes of the substance per unit of fill"""
    term_mass: Floats
    """(k,) tonnes per unit of fill"""
