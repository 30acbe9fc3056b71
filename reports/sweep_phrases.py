"""What is said of a sweep when it has ended, in both languages."""

from __future__ import annotations

from ..flows.wording import Phrases
from .words import common

sweep_phrases = Phrases(
    {
        "samples": ("{case}: {count} samples: {statuses}", "{case}：{count} 个样本：{statuses}"),
        "counted": ("{count} {status}", "{status} {count} 个"),
        "failed": ("failed", "失败"),
        "median": ("median", "中位数"),
        "mean": ("mean", "平均"),
        "first_failure": ("first failure: {why}", "首个失败：{why}"),
        "written": ("written to {file}", "已写入 {file}"),
    },
    common,
)
"""the summary of a sweep"""
