"""Why a value is not certain: the names that a VALUE carries in ``doubts`` (the record contract), each with the sentence that
people see. What each costs stands with the reader (``extractors/document/doubts.py``)."""

from __future__ import annotations

from collections.abc import Iterable

from records.models import Record, Value

SENTENCES = {
    # what the page or the picture leaves open
    "ocr_line": "由文字识别读取，把握不足",
    "ocr_label": "栏目名称由文字识别读取，把握不足",
    "ocr_tick": "方框是否勾选看不清",
    "ocr_blank": "看似空白，但有墨迹",
    "ink_not_read": "格内有笔迹没有读出",
    "maybe_two_cells": "可能是两格，中间的线没有认出",
    "option_without_a_box": "有的选项前没有认出方框",
    "column_maybe_lost": "扫描页的表格可能有一栏没有认出",
    "likened_to_a_name": "识别的文字与名录差一两个字，按名录读取",
    "typed_upon_a_scan": "写在扫描图片上，字体没有嵌入，位置可能有出入",
    "ticked_by_hand": "勾选是手画的",
    "beside_struck_out": "紧邻被划去的文字",
    "beyond_the_page": "文字在页面边缘以外",
    "overprinted": "文字互相重叠",
    "under_a_stamp": "可能混有印章或水印的文字",
    "text_missing": "旁边有文字没有读出",
    "text_put_back": "文件中缺失的文字，由重复处补回",
    "rare_character": "含生僻字形，可能不是原字",
    "fills_its_box": "文字写满输入框，后面可能没有显示",
    "lines_in_columns": "文字分栏排列，先后可能有误",
    # how a table is drawn
    "joined_over_a_page": "跨页接合",
    "table_guessed": "表格没有画线，按文字位置推定",
    "table_by_tags": "表格没有画线，按文件自带的标签读取",
    "table_uneven": "表格线不完整或不成矩形",
    "border_missing": "单元格的边线没有画出",
    "row_ragged": "这一行的格数比表头少，各格可能错位",
    "file_inconsistent": "文件各部分互相对不上",
    # a workbook
    "hidden_cell": "所在的行、列或工作表在表格中被隐藏",
    "formula_without_result": "公式没有算出结果",
    "digits_lost": "长数字按数值存放，末几位已丢失",
    "number_format": "单元格的数字格式特殊，显示的可能不同",
    # the label
    "label_written_over": "内容写在栏目名称的位置上，按次序对应",
    "label_fuzzy": "栏目名称与表中不完全一致",
    "label_before_gap": "栏目名称后面没有冒号",
    "label_glued": "栏目名称与内容连写",
    "note_or_figure": "栏目名称后面的数字可能是注号，也可能是填写的内容",
    "label_out_of_turn": "有几栏同名，不能确定是哪一栏",
    "labels_side_by_side": "几个栏目名称并排，内容在下一行",
    "heads_in_table_before": "表头在前一张表中，按次序对应",
    "head_fuzzy": "表头与表中不完全一致",
    "head_by_place": "表头认不出，按位置对应",
    "head_not_understood": "有的表头认不出，可能就是这一栏",
    "heading_reworded": "章节标题与表中不完全一致",
    "year_by_order": "没有写明年份，按先后次序对应",
    "not_found": "没有找到这一栏",
    # where the value stands
    "value_apart": "内容与栏目名称之间隔有空格",
    "several_figures": "栏内有几个数，取其中一个",
    "pieced_together": "内容由几格拼成",
    "runs_on": "内容接到下一段",
    "wrapped": "内容可能接到下一行",
    "in_next_paragraph": "内容在栏目名称的下一段",
    "row_goes_on": "内容接到下一行格内",
    "merged_or_blank": "此格空白，可能与上一格合并",
    "said_twice": "同一栏目出现两次，内容不同",
    "said_elsewhere": "栏内空白，别处的表中有同名内容",
    "instance_unknown": "没有写明属于哪一项",
    "instance_fuzzy": "所属一项的名称与所列各项不完全一致",
    "instance_maybe_other": "前面另有一行可能是别的一项的名称",
    "example_row": "这一行仍标有“示例”",
    # what the value says
    "like_a_label": "内容与另一栏目的名称相同",
    "holds_a_label": "内容中含有另一栏目的名称",
    "own_item": "可能是申报单位自拟的一项",
    "split_from_one_cell": "几项写在一格，由程序分开",
    "not_a_plain_name": "不只是一个姓名",
    "answer_in_label": "答案写在栏目名称的括号里",
    "instruction_printed": "印的是填写说明或示例",
    "masked": "有的字用×或*代替",
    "not_understood": "有文字，但没有读成这一栏的内容",
    # how it is written
    "level_reached": "可能是达到的数值，不是提升或下降的幅度",
    "other_direction": "所写的升降与栏目所问的相反",
    "change_said": "栏目问的是水平，所写的是升降的幅度",
    "figure_in_words": "数字写在文字中间",
    "amount_in_words": "金额写在文字中间，或另注明了其中的部分",
    "date_in_words": "日期写在文字中间",
    "period_in_words": "起止日期写在文字中间，或不是具体日期",
    "unlike_a_code": "不像代码：有字母、数字以外的字符，或位数太少",
    "tick_not_told": "勾选了哪一项看不清楚",
    "tick_between": "勾选标记夹在两个选项之间",
    "tick_without_its_box": "勾选标记夹在两个选项之间，后一选项没有方框",
    "answered_in_words": "没有方框，按文字读取",
    "chosen_among_words": "没有方框，只有一个选项的文字，旁边另有文字",
    "chosen_by_look": "没有勾选，按底色、边框、字色、加粗或下划线读取",
    "kind_left_out": "名称后面带有所属层级的字样，已略去",
    "parts_left_out": "没有写最上面一级",
    "instance_alone": "只写了末级，没有写上面两级",
    "instances_missed": "所列各项有的没有读出",
}


def in_words(names: Iterable[str]) -> str:
    """The sentences of these doubts, one behind the other; a name that another version of the program gave stays as it is."""
    return "；".join(SENTENCES.get(name, name) for name in dict.fromkeys(names))


def unsure(record: Record) -> dict[str, tuple[str, ...]]:
    """The keys (``table.column`` for a column, once for all its rows) of what was not read with certainty, each with its
    doubts."""
    found: dict[str, dict[str, None]] = {}
    for key, value in (record.fields | record.sections).items():
        _note(found, key, value)
    for table, rows in record.tables.items():
        for row in rows:
            for column, value in row.items():
                _note(found, f"{table}.{column}", value)
    return {key: tuple(doubts) for key, doubts in found.items()}


def _note(found: dict[str, dict[str, None]], key: str, value: Value) -> None:
    if not value.certain and not (value.blank and value.confidence == 0):
        found.setdefault(key, {}).update(dict.fromkeys(value.doubts))
