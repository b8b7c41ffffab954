"""The demonstration's district: Panlong's twelve streets by name; communities, organisations and people
are invented.
"""

from typing import NamedTuple


class Street(NamedTuple):
    code: str
    name: str
    name_en: str
    communities: tuple[str, ...]


STREETS = (
    Street(
        "tuodong", "拓东街道", "Tuodong", ("春晓", "安宁里", "听松", "明德", "望塔", "和风", "桃李", "宝善")
    ),
    Street(
        "gulou",
        "鼓楼街道",
        "Gulou",
        ("晨钟", "圆通里", "翠屏", "文庙巷", "北仓", "三合", "绿荫", "向阳", "古井"),
    ),
    Street(
        "donghua",
        "东华街道",
        "Donghua",
        ("东园", "锦华", "白塔里", "和谐", "菊苑", "石桥", "新迎里", "长虹", "乐善"),
    ),
    Street(
        "lianmeng",
        "联盟街道",
        "Lianmeng",
        ("友谊", "同心", "江岸里", "金实", "映月", "北辰里", "兴隆", "杏林", "瑞和"),
    ),
    Street(
        "jinchen",
        "金辰街道",
        "Jinchen",
        ("金星", "金穗", "星河", "晨曦", "霖雨里", "月牙", "小坝里", "永安", "惠民"),
    ),
    Street(
        "qingyun",
        "青云街道",
        "Qingyun",
        ("青松", "云岭", "白云里", "席草", "金刀里", "博雅", "云波里", "仁和", "清源"),
    ),
    Street(
        "longquan",
        "龙泉街道",
        "Longquan",
        ("泉韵", "宝台", "麦浪", "司家", "花海", "源头", "北郊里", "竹园", "蓝山"),
    ),
    Street(
        "ciba",
        "茨坝街道",
        "Ciba",
        ("花渔里", "红锦", "植物园", "机床里", "黄龙", "青青", "蒜村里", "长水里", "松苑"),
    ),
    Street(
        "songhua", "松华街道", "Songhua", ("水库里", "大哨", "双玉", "小河", "迤者", "回流", "三丘", "清水")
    ),
    Street(
        "shuanglong",
        "双龙街道",
        "Shuanglong",
        ("乌龙", "麦冲", "庄科", "旧关", "哈马", "天生桥", "法界", "平地"),
    ),
    Street(
        "dianyuan", "滇源街道", "Dianyuan", ("白邑", "中所", "三转弯", "老坝", "小营", "甸尾", "周达", "大坡")
    ),
    Street(
        "aziying", "阿子营街道", "Aziying", ("牧羊", "岩峰", "铁冲", "马军", "羊街", "果东", "侯家营", "朵格")
    ),
)

DEPARTMENTS = (
    ("shehui_gongzuo", "区委社会工作部", "Department of Society Work"),
    ("minzheng", "区民政局", "Civil Affairs Bureau"),
    ("zhengwu", "区政务服务局", "Government Services Bureau"),
    ("sifa", "区司法局", "Justice Bureau"),
    ("weijian", "区卫生健康局", "Health Bureau"),
    ("canlian", "区残联", "Disabled Persons' Federation"),
    ("fulian", "区妇联", "Women's Federation"),
    ("tuanquwei", "团区委", "Youth League Committee"),
    ("cishanhui", "区慈善会", "Charity Federation"),
)

AGENCIES = (
    ("xinqiao", "心桥社工服务中心", "Heart Bridge Social Work"),
    ("chunhui", "春晖社工服务中心", "Spring Light Social Work"),
    ("nuanyang", "暖阳社工服务中心", "Warm Sun Social Work"),
    ("tongxing", "同行社工服务中心", "Walk Together Social Work"),
    ("hehe", "和合家庭服务中心", "Harmony Family Services"),
    ("miaomiao", "苗苗儿童服务中心", "Seedling Child Services"),
    ("changqing", "常青为老服务中心", "Evergreen Elder Services"),
    ("zhuguang", "烛光心理服务中心", "Candlelight Counselling"),
)

SURNAMES = "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = (
    *("雨桐", "思远", "文静", "建华", "春梅", "志强", "丽萍", "云飞", "秋月", "海燕"),
    *("明辉", "雪莲", "国庆", "玉兰", "子涵", "佳怡", "永康", "小芳", "天佑", "梦洁"),
)


def community_code(street: Street, number: int) -> str:
    return f"{street.code}_{number + 1:02d}"


def person_name(number: int) -> str:
    """An invented name; the first few hundred differ."""
    return SURNAMES[number % len(SURNAMES)] + GIVEN[(number * 7 + number // len(SURNAMES)) % len(GIVEN)]
