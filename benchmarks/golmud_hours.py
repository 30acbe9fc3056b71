"""Write the hours of the case `cases/parks/golmud_year.yaml`: sun, price of power and demand for heat.

    python benchmarks/golmud_hours.py [FILE]        default: cases/parks/golmud_hours.csv

Nothing in the table is measured. `clear_sky` is computed from the place of the park; the rest are estimates made by
the rules below, with clouds and market days drawn from a fixed seed. The case says so where it uses them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LATITUDE, LONGITUDE, MERIDIAN = 36.42, 94.92, 120.0
"""place of the park, and the meridian of Beijing time, degrees"""
PERFORMANCE = 0.82
"""share of the rated output per 1000 W/m2 that is left after heat, dust, cables and inverters, 1"""
DAYS = 365
TARGET = Path(__file__).resolve().parents[1] / "cases/parks/golmud_hours.csv"


def clear_sky(latitude: float = LATITUDE, longitude: float = LONGITUDE) -> Floats:
    """Output of flat modules under a clear sky, share of rated power in each hour of a year: (8760,).

    Global irradiance by Haurwitz (1945, Journal of Meteorology 2, 154), 1098 · cos z · exp(−0.057 / cos z) W/m2;
    declination by Cooper (1969, Solar Energy 12, 333), 23.45° · sin(360° · (284 + n) / 365); equation of time by the
    usual series in B = 360° · (n − 81) / 364. All three are recalled. The hour is taken at its middle, in Beijing time.
    """
    hour = np.arange(DAYS * 24)
    day, clock = hour // 24 + 1, hour % 24 + 0.5
    angle = np.deg2rad(360 * (day - 81) / 364)
    equation = 9.87 * np.sin(2 * angle) - 7.53 * np.cos(angle) - 1.5 * np.sin(angle)  # minutes
    solar = clock + (longitude - MERIDIAN) / 15 + equation / 60
    declination = np.deg2rad(23.45 * np.sin(np.deg2rad(360 * (284 + day) / 365)))
    north, turn = np.deg2rad(latitude), np.deg2rad(15 * (solar - 12))
    height = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(turn)
    up = np.maximum(height, 1e-3)
    watts = np.where(height > 0.02, 1098 * height * np.exp(-0.057 / up), 0.0)
    return np.minimum(watts / 1000 * PERFORMANCE, 1.0)


def clouds(random: np.random.Generator) -> Floats:
    """Share of the clear-sky output that is left, a figure a day: (8760,). Drawn, mean about 0.8."""
    return np.repeat(random.beta(3.2, 0.8, DAYS), 24)


def price(sun: Floats, random: np.random.Generator) -> Floats:
    """Price of power from the grid, CNY/MWh: (8760,).

    Valley from 9 to 17 h, when the province has more sun than it can use, peak from 7 to 9 and 17 to 23 h, flat at
    night; dearer in winter, cheaper on sunny days, and some days dearer than others (drawn).
    """
    hour = np.arange(DAYS * 24)
    day, clock = hour // 24, hour % 24
    valley, peak = (clock >= 9) & (clock < 17), ((clock >= 7) & (clock < 9)) | ((clock >= 17) & (clock < 23))
    level = np.select([valley, peak], [180.0, 470.0], 320.0)
    season = 1 + 0.12 * np.cos(2 * np.pi * (day - 15) / DAYS)
    market = np.repeat(random.normal(1, 0.08, DAYS), 24)
    return np.maximum(level * season * market - 60 * sun, 40)


def heat() -> Floats:
    """Demand of the heating network, share of its peak: (8760,).

    Temperature falls as a cosine over the year (−9 °C in January, 18 °C in July, the recalled monthly means of Golmud)
    and by 6 K around the mean over the day; heat goes by what is missing to 18 °C, from 15 October to 15 April.
    """
    hour = np.arange(DAYS * 24)
    day, clock = hour // 24 + 1, hour % 24
    degrees = 4.5 - 13.5 * np.cos(2 * np.pi * (day - 15) / DAYS) + 6 * np.sin(2 * np.pi * (clock - 10) / 24)
    season = (day <= 105) | (day >= 288)
    return np.where(season, np.clip((18 - degrees) / 33, 0, 1), 0.0)


def table() -> str:
    """Return the hours as CSV."""
    random = np.random.default_rng(2026)
    clear = clear_sky()
    sun = clear * clouds(random)
    columns = (clear, sun, price(sun, random), heat())
    rows = (f"{c:.3f},{s:.3f},{p:.0f},{h:.3f}" for c, s, p, h in zip(*columns, strict=True))
    return "clear_sky,sun,price,heat\n" + "\n".join(rows) + "\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET).write_text(table(), encoding="utf-8")
