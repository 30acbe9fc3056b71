"""Shapley value, nucleolus and core on games that were published, on games by hand, and on random ones."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parkloop.audit.games import Objection, least_core, members, nucleolus, objection, sampled_shapley, shapley

whole_games = st.integers(2, 5).flatmap(
    lambda n: st.lists(st.integers(-20, 40), min_size=2**n - 1, max_size=2**n - 1).map(
        lambda rest: np.array([0.0, *rest])
    )
)


def game(players: int, worth: object) -> np.ndarray:
    """Worths of all coalitions of players 0, 1, … from a function of the set of members."""
    return np.array([worth({p for p in range(players) if mask >> p & 1}) for mask in range(2**players)], float)


def bankruptcy(estate: float, claims: tuple[float, ...]) -> np.ndarray:
    """What is left of the estate when all others have what they claim (O'Neill 1982)."""
    everyone = range(len(claims))
    return game(len(claims), lambda s: max(0.0, estate - sum(claims[p] for p in everyone if p not in s)) if s else 0)


def brute(worth: np.ndarray) -> np.ndarray:
    """Mean over all orders of what each player adds when it joins."""
    players = len(worth).bit_length() - 1
    orders, total = list(permutations(range(players))), np.zeros(players)
    for order in orders:
        mask = 0
        for player in order:
            total[player] += worth[mask | 1 << player] - worth[mask]
            mask |= 1 << player
    return total / len(orders)


def against(worth: np.ndarray, split: np.ndarray) -> Objection:
    """The strongest objection of all coalitions but nobody and all."""
    return objection(np.arange(1, len(worth) - 1), worth[1:-1], split)


def excesses(worth: np.ndarray, split: np.ndarray) -> np.ndarray:
    """Excesses of all coalitions but nobody and all, the largest first."""
    players = len(worth).bit_length() - 1
    return np.sort(worth[1:-1] - members(players)[1:-1] @ split)[::-1]


def test_the_shapley_value_of_three_by_hand() -> None:
    """v(AB) = 60, v(AC) = 30, v(BC) = 0, v(ABC) = 90. Orders and what A, B, C add:

    ABC 0 60 30; ACB 0 60 30; BAC 60 0 30; BCA 90 0 0; CAB 30 60 0; CBA 90 0 0. Sums 270, 180, 90; a sixth 45, 30, 15.
    """
    worth = np.array([0, 0, 0, 60, 0, 30, 0, 90], float)
    assert shapley(worth) == pytest.approx([45, 30, 15])


@pytest.mark.parametrize(
    ("costs", "shares"),
    [((10, 20, 30), (10 / 3, 10 / 3 + 5, 10 / 3 + 5 + 10)), ((1, 1, 4, 10), (1 / 4, 1 / 4, 1 / 4 + 1.5, 7.75))],
)
def test_the_shapley_value_of_a_runway_shares_each_stretch_among_its_users(costs, shares) -> None:
    """S. C. Littlechild and G. Owen, Management Science 20 (1973): the runway costs what its longest plane needs."""
    worth = game(len(costs), lambda s: -max((costs[p] for p in s), default=0))
    assert -shapley(worth) == pytest.approx(shares)


def test_the_shapley_value_of_the_council_of_six() -> None:
    """Votes 4, 4, 4, 2, 2, 1 and a quota of 12 (European Economic Community, 1958): indices 14/60, 9/60 and 0.

    L. S. Shapley and M. Shubik, American Political Science Review 48 (1954) have the index; the sixth member never
    turns a vote, as is often told.
    """
    votes = (4, 4, 4, 2, 2, 1)
    worth = game(6, lambda s: float(sum(votes[p] for p in s) >= 12))
    assert shapley(worth) * 60 == pytest.approx([14, 14, 14, 9, 9, 0])


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_the_nucleolus_divides_estates_as_the_talmud_does(estate, shares) -> None:
    """R. J. Aumann and M. Maschler, "Game theoretic analysis of a bankruptcy problem from the Talmud", Journal of
    Economic Theory 36 (1985): claims of 100, 200 and 300.
    """
    assert nucleolus(bankruptcy(estate, (100, 200, 300))) == pytest.approx(shares)


def test_the_nucleolus_of_a_big_boss_gives_everyone_else_half_of_what_it_adds() -> None:
    """S. Muto, M. Nakayama, J. Potters and S. Tijs, "On big boss games", Economic Studies Quarterly 39 (1988).

    Without player 0 nothing is worth anything; v = 10, 6, 4 with players 1 | 2 | 3 alone, 14 with 1 and 2, 13 with
    1 and 3, 9 with 2 and 3, 16 with all. The others add 7, 3 and 2 to all, so they get 3.5, 1.5 and 1.
    """
    joint = {(): 0, (1,): 10, (2,): 6, (3,): 4, (1, 2): 14, (1, 3): 13, (2, 3): 9, (1, 2, 3): 16}
    worth = game(4, lambda s: joint[tuple(sorted(s - {0}))] if 0 in s else 0)
    assert nucleolus(worth) == pytest.approx([10, 3.5, 1.5, 1])


def test_a_majority_of_three_has_no_stable_split() -> None:
    """Any two of three take all. Equal thirds are best, and still two gain a third by leaving: the core is empty."""
    worth = game(3, lambda s: float(len(s) >= 2))
    assert least_core(worth) == pytest.approx(1 / 3)
    assert nucleolus(worth) == pytest.approx([1 / 3] * 3)
    assert against(worth, nucleolus(worth)).gain == pytest.approx(1 / 3)
    assert against(worth, np.array([0.6, 0.4, 0.0])) == Objection(0b110, pytest.approx(0.6))


def test_one_glove_too_many() -> None:
    """One left glove, two right ones (L. S. Shapley and M. Shubik, 1969): the core gives all to the left glove.

    So does the nucleolus. The Shapley value gives 2/3, 1/6, 1/6, to which the left one and a right one object by 1/6.
    """
    worth = game(3, lambda s: float(0 in s and len(s) >= 2))
    assert least_core(worth) == pytest.approx(0)
    assert nucleolus(worth) == pytest.approx([1, 0, 0], abs=1e-9)
    assert shapley(worth) == pytest.approx([2 / 3, 1 / 6, 1 / 6])
    assert against(worth, shapley(worth)).gain == pytest.approx(1 / 6)


def test_nobody_gets_less_than_alone_although_that_makes_the_largest_excess_larger() -> None:
    """Two of A, B, C have 10 where A and B are among them, else 0; alone all have 0, together 4.

    Over all splits the largest excess is least at A + B = 7, C = −3; but C gets 0 at least, so A and B have 2 each.
    """
    worth = np.array([0, 0, 0, 10, 0, 0, 0, 4], float)
    assert nucleolus(worth) == pytest.approx([2, 2, 0], abs=1e-9)


def test_where_together_is_less_than_alone_a_split_over_all_is_found() -> None:
    """Two have 3 and 1 alone and 2 together: both excesses are equal at 2 and 0."""
    assert nucleolus(np.array([0.0, 3.0, 1.0, 2.0])) == pytest.approx([2, 0], abs=1e-9)


def test_one_player_has_all() -> None:
    worth = np.array([0.0, 5.0])
    assert shapley(worth) == pytest.approx([5]) and nucleolus(worth) == pytest.approx([5])
    assert least_core(worth) == -np.inf


@given(whole_games)
def test_the_shapley_value_is_the_mean_over_all_orders_and_shares_out_everything(worth: np.ndarray) -> None:
    assert shapley(worth) == pytest.approx(brute(worth), abs=1e-9)
    assert shapley(worth).sum() == pytest.approx(worth[-1], abs=1e-9)


@given(whole_games, st.data())
def test_players_who_add_the_same_get_the_same_and_who_adds_nothing_gets_nothing(worth, data) -> None:
    """A game in which two players are made alike, and one more who adds nothing."""
    players = len(worth).bit_length() - 1
    first, second = data.draw(st.sampled_from([(a, b) for a in range(players) for b in range(a)]))
    swapped = [_swapped(mask, first, second) for mask in range(2**players)]
    alike = worth + worth[swapped]
    with_idle = np.concatenate([alike, alike])  # the new player is the highest bit
    for shares in (shapley(with_idle), nucleolus(with_idle)):
        assert shares[first] == pytest.approx(shares[second], abs=1e-6)
        assert shares.sum() == pytest.approx(alike[-1], abs=1e-6)
    assert shapley(with_idle)[-1] == pytest.approx(0, abs=1e-9)


def _swapped(mask: int, first: int, second: int) -> int:
    if (mask >> first & 1) == (mask >> second & 1):
        return mask
    return mask ^ (1 << first | 1 << second)


@settings(deadline=None)
@given(whole_games, st.integers(0, 2**32 - 1))
def test_no_split_near_or_far_has_lesser_excesses_than_the_nucleolus(worth: np.ndarray, seed: int) -> None:
    """Excesses, the largest first, of other splits that give nobody less than alone are not lexicographically less."""
    split, random = nucleolus(worth), np.random.default_rng(seed)
    players = len(split)
    alone = worth[1 << np.arange(players)]
    bounded = alone.sum() <= worth[-1]
    best = excesses(worth, split)
    assert split.sum() == pytest.approx(worth[-1], abs=1e-6)
    for size in (0.01, 0.3, 5.0):
        for step in random.normal(0, size, (20, players)):
            other = split + step - step.mean()
            if bounded and (other < alone).any():
                continue
            differ = np.flatnonzero(np.abs(excesses(worth, other) - best) > 1e-6)
            assert not len(differ) or excesses(worth, other)[differ[0]] > best[differ[0]]


@given(whole_games)
def test_a_core_that_is_not_empty_holds_the_nucleolus(worth: np.ndarray) -> None:
    """And where the least core gains something, every split has an objection of that size at least."""
    gain = against(worth, nucleolus(worth)).gain
    if least_core(worth) <= 0:
        assert gain <= 1e-6
    else:
        assert gain >= least_core(worth) - 1e-6


def test_a_sampled_shapley_value_is_within_its_error_of_the_exact_one() -> None:
    """Twelve players, 2,000 orders, seed 1: all within four standard errors; two in three within one."""
    random = np.random.default_rng(3)
    worth = np.maximum.accumulate(random.uniform(0, 100, 2**12))
    worth[0] = 0.0
    exact, found = shapley(worth), sampled_shapley(lambda mask: float(worth[mask]), 12, 2000, seed=1)
    assert found.value.sum() == pytest.approx(worth[-1])
    off = np.abs(found.value - exact) / found.error
    assert off.max() < 4 and np.mean(off < 1) > 0.4
    assert np.ptp(exact) > 10 * found.error.max()  # so that an error of this size tells players apart


def test_the_same_seed_gives_the_same_sample() -> None:
    worth = game(4, lambda s: len(s) ** 2 + (0 in s))
    first, again, other = (sampled_shapley(lambda m: float(worth[m]), 4, 10, seed) for seed in (5, 5, 6))
    assert np.array_equal(first.value, again.value) and not np.array_equal(first.value, other.value)
