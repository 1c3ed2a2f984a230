"""One word for one thing: the terms, after the regulation (docs/细则.md), and the words that may not stand for them.

A term's `instead_of` is a regular expression of its doubles. Where a double is right after all, `phrases` names the
words that it stands in, `keys` the sentences, each with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Term:
    """`word` is what is said, `what` the thing; `instead_of` never is, but for `phrases` and `keys` (text: reason)."""

    word: str
    what: str
    instead_of: str
    phrases: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)


CHINESE = (
    Term("检查要点", "one line of a checklist; 要点 in short, 第 N 项 by its number", r"(?<![问话])题|检查点"
         r"|(?:回答|其余|本部门的|为一个)问题"),
    Term("检查表", "the points that a department's officers go through at an item", r"检查清单|核查表|要点表"),
    Term("检查记录表", "the paper of a visit, signed by both sides (Art. 7, 16 (3)); 记录表 in short",
         r"记录单|检查单(?!位)|检查记录(?!表)", keys={"web.event.network.found": "what was noted online, no paper"}),
    Term("工作台", "the pages that officials sign in to", r"管理台|控制台|后台"),
    Term("手机端", "the application on an officer's phone, which works without reception", r"随身检查|移动端|伴侣"),
    Term("检查告知书", "the paper that tells of a visit; 告知书 in short, and 告知 is the act (Art. 16 (2)); officials are 通知",
         r"通知(?!您|各|组长|成员|抽查组|联合抽查组|负责人|部门|联席会议办公室|检查人员|相关人员|不到)",
         phrases={
             "国办通知": "the State Council's paper with the days off bears this name",
             "责令改正通知书": "the paper of Art. 17 bears this name",
         },
         keys={"cli.doctor.staff": "the act of reminding officials"}),
    Term("不事先告知", "that the law lets a visit come untold (Art. 16 (2))", r"不宜告知|申请不告知|同意不告知"),
    Term("检查对象", "who or what was drawn and is inspected (Art. 4)", r"被检|受检|企业|商户|商家",
         phrases={"国家企业信用信息公示系统": "the name of the national system (Art. 2)"}),
    Term("执法检查人员", "who inspects (Art. 10); 检查人员 in short (Art. 18)", r"检查员|执法人员|执法员|巡查员|稽查"),
    Term("联合抽查组", "who goes together (Art. 15); 抽查组 in short", r"检查组(?!织)|小组|工作组"),
    Term("组长", "who leads the team (Art. 15)", r"队长|带队|领队"),
    Term("成员", "the others of the team (Art. 15)", r"组员|队员"),
    Term("部门负责人", "who decides for a department (Art. 14 (2)); 负责人 in short", r"领导|主管(?!部门)"),
    Term("联席会议办公室", "the joint conference's office (Art. 6)", r"联席办|(?<!联席会议)办公室"),
    Term("抽取", "the draw (Art. 14); 抽取顺序 its order, 抽取号 a place in it", r"抽签|摇号|抓阄"),
    Term("更换", "that an officer drawn is replaced (Art. 14 (2)); who comes 接替", r"替换|调换|换人(?!员)|递补|替代"),
    Term("封存", "what a witness does first; then 揭示", r"见证人承诺|公开的值|随机值公开"),
    Term("检查期限", "the days in which a batch is inspected", r"窗口|检查时段"),
    Term("征求意见", "that members are asked about a time", r"征询"),
    Term("公示", "that plans and results are shown to all (Art. 6, 8); a draw is 公开", r"公开(?:的|了)?计划|发布(?:结果|计划)"),
    Term("省级平台", "the province's platform (Art. 8)", r"省平台"),
    Term("核验", "that a paper is looked at for whether it is genuine, by its 核验码", r"查验|校验码|验真(?!伪)|核对真伪"),
    Term("委托书", "the letter that entrusts an agency (Art. 16)", r"委托函|委托信"),
    Term("手工登记", "an arrival that nothing but a hand vouches for", r"人工登记"),
    Term("撤回", "that a notice or a result no longer stands", r"告知书.{0,4}撤销|结果.{0,4}撤销"),
)  # fmt: skip

ENGLISH = (
    Term("point", "one line of a checklist (检查要点)", r"(?i)\bquestions?\b"),
    Term("console", "the pages that officials sign in to (工作台)", r"(?i)\bdesk\b|\bdashboard\b|\bworkspace\b",
         phrases={"front desk": "the place in a hotel"}),
    Term("companion", "the application on an officer's phone (手机端)", r"(?i)\b(?:phone|mobile|field) app|field companion"),
    Term("notice", "the paper that tells of a visit (检查告知书)", r"(?i)\bletters?\b",
         keys={
             "letter.agency": "a letter of entrustment",
             "record.happened.entrustment": "a letter of entrustment",
             "refusal.entrustment.incomplete": "a letter of entrustment",
             "refusal.entrustment.letter_used": "a letter of entrustment",
             "refusal.entrustment.four_lines": "a letter of entrustment",
             "field.agency.line": "a letter of entrustment",
             "field.agency.letter": "a letter of entrustment",
             "agency.write": "a letter of entrustment",
         }),
)  # fmt: skip

GLOSSARY = {"zh_Hans": CHINESE, "en": ENGLISH}
