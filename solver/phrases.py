"""Why an answer is what it is, and by which method it was found, in English and Chinese."""

from __future__ import annotations

from ..flows.wording import Phrases

verdicts = Phrases(
    {
        "optimal": ("the solver reports an optimum", "求解器报告已达最优"),
        "infeasible": (
            "no flows satisfy all balances, bounds and policies together",
            "没有任何物流能同时满足全部平衡、界限和政策",
        ),
        "unbounded": ("the objective can be improved without limit", "目标可无限改进"),
        "time": (
            "the time limit ended the solve; a stopped solve has no flows",
            "达到时间限制，求解停止；停止的求解没有流量",
        ),
        "iterations": ("the iteration limit ended the solve", "达到迭代次数限制，求解停止"),
        "memory": ("the memory limit ended the solve", "达到内存限制，求解停止"),
        "memory_of": ("the memory limit of {limit} GB ended the solve", "达到 {limit} GB 的内存限制，求解停止"),
        "interrupt": ("the solve was interrupted", "求解被中断"),
        "unknown": (
            "the solver ended without a proof, usually by numerical trouble",
            "求解器未给出证明即结束，通常由数值困难引起",
        ),
        "ended": ("the solver ended with `{verdict}`", "求解器以 `{verdict}` 结束"),
        "every_point": ("every point is certified", "各点均已验证"),
        "nothing_to_trade": (
            "one plan is best in all of them: there is nothing to trade off",
            "有一个方案在各目标上都最优：无需权衡",
        ),
        "nothing_limits": ("nothing limits it", "没有限制"),
        "nothing_to_decide": ("there is nothing to decide", "没有可决策的内容"),
        "no_values": ("the solver gave no values with its optimum", "求解器报告最优但未给出数值"),
        "whole_optimum": (
            "the solver reports an optimum; prices hold while nothing is switched on or off",
            "求解器报告已达最优；价格在启停状态不变时成立",
        ),
        "no_prices": (
            "no prices: with the whole numbers held, {why}",
            "没有价格：固定整数变量后，{why}",
        ),
        "proves_nothing": (
            "{beyond}, so its verdict `{verdict}` proves nothing",
            "{beyond}，因此其结论 `{verdict}` 不能作为证明",
        ),
        "proved": ("{reason}; {proved}", "{reason}；{proved}"),
        "best_so_far": (
            "the best answer so far is {best} {unit}, none can be better than {bound} {unit}",
            "目前最好的解为 {best} {unit}，任何解都不会优于 {bound} {unit}",
        ),
        "none_so_far": (
            "no answer was found so far, none can be better than {bound} {unit}",
            "尚未找到解，任何解都不会优于 {bound} {unit}",
        ),
        "stage": ("stage {number} of the objective ({name}): {reason}", "第 {number} 级目标（{name}）：{reason}"),
        # certificates
        "fails": (
            "the solver reported an optimum, but its certificate fails: {what}",
            "求解器报告已达最优，但验证未通过：{what}",
        ),
        "violated": ("{where} is violated by {part} of what flows there", "{where} 的偏差为该处流量的 {part}"),
        "wrong_sign": ("the shadow price of {where} has the wrong sign", "{where} 的影子价格符号错误"),
        "not_whole": ("a whole number is off by {part}", "整数变量偏差 {part}"),
        "off_bound": ("the objective is {part} of itself away from the bound", "目标与界之差为目标值的 {part}"),
        "gap": ("the duality gap is {part} of the turnover", "对偶间隙为周转量的 {part}"),
        # doubts
        "crossed": (
            "{name} must be at least {least} and at most {most}",
            "{name} 既须不小于 {least} 又须不大于 {most}",
        ),
        "empty_row": ("nothing flows in {name}, which must not be zero", "{name} 中没有流量，但其不得为零"),
        "apart": (
            "coefficients from {least} to {most} in {name} are further apart than figures can tell; count materials in "
            "units nearer to their flows",
            "{name} 中的系数从 {least} 到 {most}，相差超出数值精度；请选用与流量量级相近的物料单位",
        ),
        "dropped": (
            "the coefficient of {where} is {value}, which the solver would take for zero; count that material in a "
            "smaller unit, e.g. kg in place of t",
            "{where} 的系数为 {value}，求解器会视为零；该物料请改用较小的单位，如以 kg 代替 t",
        ),
        "steep": (
            "the solver finds no flows, but with a coefficient of {value} of {where} that is no proof; count that "
            "material in a larger unit, e.g. t in place of g",
            "求解器未找到可行物流，但 {where} 的系数为 {value}，不能作为证明；该物料请改用较大的单位，如以 t 代替 g",
        ),
        "beyond": (
            "the bound of {name}, {value}, is so large that the solver takes it for none",
            "{name} 的界 {value} 过大，求解器视为无界",
        ),
        "order": (
            "{later} is used although {earlier} has room: where a later step is worth more, a linear program does not "
            "fill them in order; write `ordered: true` at the plant to have whole numbers see to it",
            "{earlier} 尚有余量而 {later} 已启用：后段价值更高时，线性规划不会按顺序填满；"
            "请在装置处写明 `ordered: true`，由整数变量保证顺序",
        ),
        "order_more": (
            "{later} is used although {earlier} has room (and {more} more): where a later step is worth more, a linear "
            "program does not fill them in order; write `ordered: true` at the plant to have whole numbers see to it",
            "{earlier} 尚有余量而 {later} 已启用（另有 {more} 处）：后段价值更高时，线性规划不会按顺序填满；"
            "请在装置处写明 `ordered: true`，由整数变量保证顺序",
        ),
    }
)
"""verdicts of the solver, and what makes them doubtful"""

methods = Phrases(
    {
        "asked": ("it was asked for", "按要求选用"),
        "whole": ("the program has whole numbers", "含整数变量"),
        "whole_take": (
            "the program has whole numbers, which take branch and bound",
            "含整数变量，须用分支定界法",
        ),
        "no_windows": ("no windows: {why}", "不分窗口：{why}"),
        "many_periods": (
            "{number} periods of {columns} columns, joined only between neighbours and by rows over all ({rows})",
            "{number} 个时段、每段 {columns} 列，仅由相邻时段之间和跨全部时段的行（{rows} 行）相连",
        ),
        "many_parks": (
            "{number} parks of {columns} columns, joined only by rows over all ({rows}) and by little else",
            "{number} 个园区、每园 {columns} 列，仅由跨全部园区的行（{rows} 行）和少量往来相连",
        ),
        "free_periods": (
            "{number} periods of {columns} columns, joined only between neighbours",
            "{number} 个时段、每段 {columns} 列，仅相邻时段之间相连",
        ),
        "free_parks": (
            "{number} parks of {columns} columns with little between them",
            "{number} 个园区、每园 {columns} 列，园区间往来较少",
        ),
        "many_links": ("{number} columns join the parks, which are many", "连接各园区的列有 {number} 个，较多"),
        "one_period": ("there is one period", "只有一个时段"),
        "no_single": ("no columns and rows belong to single periods", "没有属于单个时段的列和行"),
        "many_long_rows": ("{number} rows join periods that are far apart", "有 {number} 行连接相距较远的时段"),
        "few_periods": ("{number} periods are few", "时段数 {number} 较少"),
        "few_parks": ("{number} parks are few", "园区数 {number} 较少"),
        "few_coefficients": ("{number} coefficients are few", "系数 {number} 个较少"),
        "few_columns": ("{number} columns of a period are few", "每时段 {number} 列较少"),
        "no_hipo": (
            "this HiGHS has no HiPO, which comes with the highspy-extras of its version",
            "此 HiGHS 不含 HiPO；HiPO 随同版本的 highspy-extras 提供",
        ),
        "tried_pdlp": ("PDLP was tried: {why}", "已尝试 PDLP：{why}"),
        "tried_windows": ("windows were tried: {why}", "已尝试分窗口：{why}"),
        "no_start": (
            "together they have no optimum at the prices of the representatives",
            "按代表部分的价格求解全部部分没有最优解",
        ),
        "no_basis": ("together they left no basis", "全部部分未留下基"),
        "no_representatives": (
            "the representatives have no optimum with the rows over all of them",
            "代表部分连同跨全部部分的行没有最优解",
        ),
        "last_basis": ("from the last basis", "从上次的基出发"),
        "later_stages": (
            "{start}; later stages by simplex from its basis",
            "{start}；后续各级由其基出发用单纯形法求解",
        ),
    }
)
"""why a method was chosen"""
