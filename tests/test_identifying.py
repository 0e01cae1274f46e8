"""Rule V02: identifiers are found by heading and by value in every script; ordinary words and numbers are not."""

from __future__ import annotations

import csv
import os
import time
from pathlib import Path

import pytest

from etl.fold import fold
from etl.identifying import hidden, identifying_column, identifying_header, identifying_value

SHARED = Path(os.environ.get("PEMBE_SHARED_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))


def _listed(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


# All persons, numbers and addresses are invented.
PLANTED = {
    "name": _listed(
        """Wanjiru Kamau|OTIENO, James|Achieng Atieno Mary|Mr. John Okello|Akello Grace|Nyandeng Deng Garang
Fatuma Hassan; 16|Sheikh Hussein Omar|Juma bin Hamisi|Rehema Mwanajuma|Abebe Kebede|W/ro Almaz Tesfaye
Aïcha Houssein Robleh|Idriss Waberi|Moussa Guelleh Djama|Olfa Ben Youssef|Mehdi Trabelsi|Cabdi Xasan Warsame
Faadumo Cali Jaamac|Maxamed Cumar|Xaliimo Nuur Guuleed|Caasha Faarax|محمد أحمد عثمان|فاطمة عبد الله
مُحَمَّد خالد|خالد بن يوسف|مـحـمـود إدريس|عائشة حسن علي|ياسين الطرابلسي|አበበ ከበደ|አልማዝ ተስፋዬ ገብረ|ሓጎስ ኪዳነ
ትርሓስ ገብረመድህን|መሐመድ አሕመድ|ፋጡማ ዓሊ|ሃይሉ፡ማሞ"""
    ),
    "phone": _listed(
        """+254 712 345 678|0712345678|0712-345-678|254712345678|+256 772 123456|00251 911 23 45 67|+251911234567
0911 234 567|+253 77 12 34 56|77 12 34 56|+252 61 5123456|061 5123456|+20 100 123 4567|01001234567
+216 98 123 456|+218 91-2345678|+249 91 234 5678|+211 921 234 567|+291 7 123 456|٠٩١٢٣٤٥٦٧٨|+٢٤٩ ٩١ ٢٣٤ ٥٦٧٨
۰۹۱۲۳۴۵۶۷۸|هاتف ٠١٢٣٤٥٦٧|ስልክ 0911234567|ስልክ፡ 11 551 2345|simu 0712 345678|called home (tel. 020 2712345)
0712345678/0722345678|+966 50 123 4567|＋２５４７１２３４５６７８"""
    ),
    "e-mail": _listed(
        """someone@example.org|a.b-c@mail.example.ke|écrire à quelqu.un@exemple.dj|البريد: sample@example.com
ኢሜይል someone@example.et|مثال@مثال.موقع"""
    ),
    "passport": _listed(
        """A1234567|AK0123456|EP1234567|P04512345|passport no. 1234567|passeport 19RE12345|جواز سفر رقم ٠١٢٣٤٥٦
የፓስፖርት ቁጥር EQ7654321|baasaboor P00765432|pasipoti BK123456|P<KENDOE<<SAMPLE<<<<<<"""
    ),
    "id_number": _listed(
        """CM90012345ABCD|29001011234567|٣٠١٠١٠١١٢٣٤٥٦٧|119901234567|National ID 23456789|kitambulisho 23456789
الرقم القومي ٢٩٠٠١٠١١٢٣٤٥٦٧|መታወቂያ ቁጥር 1234567|1234 5678 9012 3456|819-17C01234|CNI 123456789"""
    ),
    "coordinates": _listed(
        """2.0469, 45.3182|11.5721 43.1456|11,5721; 43,1456|٢٫٠٤٦٩ ٤٥٫٣١٨٢|POINT(45.3182 2.0469)
2°02'48.8"N 45°19'05.5"E
N 2.04690 E 45.31820"""
    ),
    "plate": _listed("KCA 123A|UAX 456B|kbz 789c"),
}

HEADINGS = {
    "name": _listed(
        """Name|Full Name|NAME OF VICTIM|Victim's name|Surname|First name|Father's Name|Name / الاسم|Nom|Prénom(s)
Nom et prénoms|Nom de la victime|Nom de l'enfant|الاسم|الإسم الرباعي|اسم الضحية|اسم المتهم|ስም|ሙሉ ስም|የተጎጂው ስም
የአባት ስም|Jina|Jina la mwathiriwa|Jina kamili|Magaca|Magaca dhibbanaha|ሽም|ምሉእ ሽም|fullName|victim_name"""
    ),
    "phone": _listed(
        """Phone|Phone No.|TEL. NO|Victim phone number|N° de téléphone|Tél.|رقم الهاتف|هاتف الضحية|ስልክ ቁጥር
Nambari ya simu
Simu|Lambarka taleefanka|ቁጽሪ ቴሌፎን|phoneNumber"""
    ),
    "id_number": _listed(
        """ID No.|National ID|NIN|N° CNI|Carte d'identité|الرقم الوطني|رقم الهوية|የመታወቂያ ቁጥር|Nambari ya kitambulisho
Kaarka aqoonsiga|ቁጽሪ መንነት|IdentityNumber"""
    ),
    "passport": _listed(
        """Passport|Passport No.|ID/Passport No.|N° passeport|رقم الجواز|رقم جواز السفر|የፓስፖርት ቁጥር|Nambari ya pasipoti
Baasaboor"""
    ),
    "e-mail": _listed("E-mail|Email address|Courriel|البريد الإلكتروني|ኢሜይል|Barua pepe|Iimayl"),
    "address": _listed("Address|Home address|Adresse|العنوان|አድራሻ|Anwani|Cinwaanka|ኣድራሻ"),
    "photo": _listed("Photo|Victim photograph|صورة شخصية|ፎቶ|Picha|Sawirka"),
    "birth_date": _listed(
        """Date of birth|D.O.B.|DOB|birth_date|Date de naissance|تاريخ الميلاد|የትውልድ ቀን|Tarehe ya kuzaliwa
Taariikhda dhalashada|ዕለት ልደት"""
    ),
    "plate": _listed("Plate No.|Vehicle registration number|Plaque d'immatriculation|رقم اللوحة|የሰሌዳ ቁጥር"),
}

ORDINARY_HEADINGS = _listed(
    """Name of county|Case No.|OB No.|Nom de la localité|اسم الولاية|Jina la kaunti|Sex|Nationality|S/N|No.|File ref
CRB No.|N° dossier|N° PV|رقم البلاغ|رقم القضية|الرقم|የመዝገብ ቁጥር|ተ.ቁ|መ/ቁ|Nambari ya kesi|Lambarka kiiska|Date
Date of rescue|Date d'interception|تاريخ البلاغ|ቀን (ዓ.ም)|Tarehe|Taariikh|Année|السنة|ዓመት|Mwaka|Sanad|Sexe|النوع
الجنس|ጾታ|Jinsia|Jinsi|Age|Tranche d'âge|العمر|ዕድሜ|Umri|Country of origin|Nationalité|الجنسية|ዜግነት|Uraia|Jinsiyad
County|Région|الولاية|ክልል|Kaunti|Gobol|Destination|بلد المقصد|Form of exploitation|Type d'exploitation|Offence
نوع الجريمة|Status|Case status|حالة البلاغ|የክስ ሁኔታ|Hali ya kesi|Total|العدد|Male / Adult|Female / Juvenile
Means of travel|وسيلة النقل|Fee|Amount paid|Montant payé|Suspects arrested|Accused|عدد المتهمين|Assistance
Remarks|Year of birth|Country of birth|Place of birth|Victim|Victim ID|Case ID|Person|Police station
Station name|Name of court|Nom du tribunal|اسم المحكمة|የወረዳ ስም|Magaca degmada|Jina la kituo|County / Name
Latitude|yearOfRegistration|Datasource|gender|ageBroad|citizenship|isForcedLabour|control_category
RecruiterCategory|ExploitType|Labor_Type"""
)

ORDINARY = _listed(
    """Nairobi|Garissa|Addis Ababa|አዲስ አበባ|ደብረ ብርሃን|Ali Sabieh|علي صبيح|Port Said|بور سعيد|Sidi Bouzid|سيدي بوزيد
Port Sudan|Blue Nile|النيل الأزرق|الخرطوم|شمال دارفور|على الحدود|Lower Juba|Jubbada Hoose|Gash Barka|ጋሽ ባርካ|ደቡብ
Tana River|Dar es Salaam|Gulf of Aden|Saint Mary Hospital|Mohamed Ali Street|شارع محمد علي|مستشفى الشيخ زايد
Lake Albert|Rue Ibrahim Moussa|Shule ya Fatuma|Hargeisa|Al Jabal al Akhdar|Pending before court
Under investigation|Convicted|Acquitted|Withdrawn under section 87(a)|Nolle prosequi
Condamné en première instance|قيد التحقيق|قيد المحاكمة|በምርመራ ላይ|Inaendelea mahakamani|Kiis furan|Forced labour
Sexual exploitation|forced labour / sexual|FL+SE|travail forcé|زواج الصفقة|العمل القسري|تهريب البشر
اتجار بالبشر وتهريب|በሰው መነገድ|የወሲብ ብዝበዛ|Usafirishaji haramu wa binadamu|Ka ganacsiga dadka|Domestic servitude
Organ removal|Trafficking in children s.4|c/s 3(1) of the Act|Ethiopian|Éthiopienne|إثيوبي|ኢትዮጵያዊት|Mwethiopia
Itoobiyaan|South Sudanese|Djiboutian|سوداني (جنوب)|Burundais|Wakenya|Male|Female|ذكر|أنثى|ወንድ|Mwanamke|Dheddig
Yes|Oui|نعم|አዎ|Ndiyo|Haa|Unknown|n/a|-|..|<5|NIL|0|17|145|1,234|1 234,50|1.234.567|12 345 678|+12 345|٤٥٬٦٧٨
١٬٢٣٤|١٫٥|4 ነጥብ 7 ሚሊዮን ብር|KES 150,000|USD 3,500.00|2.500.000 FDJ|75 %|0,25|3.14159|1500000000|14-Feb|15-17
18--20|approx. 20|5 months|2023-02-17|17/02/2023|03/04/2023|17.02.2023|2023-02-17T10:00:00+03:00
2023-02-17 09:45:12.123456|20230217|20211231235959|የካቲት 10/2015 ዓ.ም|ሐምሌ 4 ቀን 2007 ዓ.ም.|ጳጉሜን 5, 2015|10/6/2015
٢٠٢٢/٠٣/١٤|١٤-٣-٢٠٢٢م|١٤٤٣/٠٨/١١ هـ|11 Ramadan 1443 AH|45123|45123.0|FY 2021/22|2014 EFY|2006 በጀት ዓመት
2021-01-01/2021-07-31|KE-29|ET-AA|SD-GD|DJ-AR|ET-X-SE|OB 12/03/04/2021|OB No. 45/17/02/2023|CR 141/345/2020
E1234/2021|HCCRC/E045/2022|KEN-2021-000123|TIP/2022/00045|2022/0123456|045-678-2021|P0001234|V000123
CF2021001234|0712345678/2021|القضية 1234/2022|PV N° 0234/BR/2021|909/2009|1178/2020|Proclamation 1178/2020
Law 64/2010|Loi n° 133/AN/16/7ème L|قانون رقم 64 لسنة 2010|art. 418-426|Article 3(1)(a)
Section 4, Act No. 8 of 2010|a3f0712345678bcd9e1|9b2c4e6f-0123-4567-89ab-0123456789ab|30.5, 45.2|30.55 N
0.123456|Bus|Boat|سيارة|በእግር|Gari dogo|Lori la mizigo|Toyota Hilux|Shelter and counselling|Legal aid; medical
Repatriated to Ethiopia|Housewife|ربة منزل|የቤት ሠራተኛ|የቤት እመቤት|ሙሉ ስም|ዓለም አቀፍ|Mama mboga|Rescued at Moyale border
The victim said so|Identified by police|Alien card issued|12 men, 9 women|484 victims since 2021
January-July 2017: 23|1-800|13:45|23:59:59|Q3 2021|2019-2021|20240000123|201101231530|Addis Abeba|Bani Walid
Latitude 11,9663"""
)


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PLANTED.items() for text in texts])
def test_a_planted_identifier_is_found_with_its_kind(kind: str, text: str) -> None:
    assert identifying_value(text) == kind


@pytest.mark.parametrize("text", ORDINARY)
def test_an_ordinary_value_does_not_fire(text: str) -> None:
    assert identifying_value(text) is None


@pytest.mark.parametrize(("kind", "header"), [(kind, text) for kind, texts in HEADINGS.items() for text in texts])
def test_a_heading_that_names_an_identifier_is_found(kind: str, header: str) -> None:
    assert identifying_header(header) == kind


@pytest.mark.parametrize("header", ORDINARY_HEADINGS)
def test_an_ordinary_heading_does_not_fire(header: str) -> None:
    assert identifying_header(header) is None


def test_there_are_enough_examples() -> None:
    assert sum(map(len, PLANTED.values())) >= 60
    assert len(ORDINARY) >= 100


def test_no_given_name_is_an_ordinary_word_too() -> None:
    schemas = Path(__file__).resolve().parents[1] / "schemas"
    lists = []
    for name, column in (("given_names.csv", "name"), ("ordinary_words.csv", "word")):
        with (schemas / name).open(encoding="utf-8", newline="") as file:
            lists.append([fold(row[column]) for row in csv.DictReader(file)])
    assert set(lists[0]).isdisjoint(lists[1])


def test_a_fifth_of_the_distinct_values_makes_a_column_identifying() -> None:
    ordinary = [f"Ward {number}" for number in range(12)]
    phones = ["+254 712 345 678", "+254 712 345 679", "+254 712 345 670"]
    assert identifying_column("Column 7", [*ordinary, *phones]) == "phone"
    assert identifying_column("Column 7", [*ordinary, "Ward 13", *phones]) is None
    assert identifying_column("Column 7", ["Ward", *phones[:2]]) is None
    assert identifying_column("Column 7", phones[:2]) == "phone"


def test_a_long_hostile_text_takes_no_longer_than_its_length() -> None:
    for text in ("a.b" * 60_000 + "@", "@a." * 60_000, "+1 " * 60_000, "0 " * 90_000, "9" * 200_000, "1° " * 60_000):
        start = time.perf_counter()
        identifying_value(text)
        assert time.perf_counter() - start < 5, text[:6]


def test_a_heading_is_enough_and_an_empty_column_is_ordinary() -> None:
    assert identifying_column("Phone", []) == "phone"
    assert identifying_column("Column 7", ["", " "]) is None


def test_telephone_numbers_that_lost_their_zero_are_found_as_a_column_only() -> None:
    numbers = ["712345678", "722345671.0", "733345672", "701345673", "798345674", "715345675"]
    assert identifying_value(numbers[0]) is None
    assert identifying_column("Column 7", numbers) == "phone"
    assert identifying_column("Register", [str(720000000 + number) for number in range(50)]) is None
    assert identifying_column("Amount", ["712345678", "1500", "20000", "98123456", "350", "12"]) is None
    assert identifying_column("Day", ["20230217", "20210101", "19991231", "20200505", "20180708"]) is None


def test_given_names_alone_are_found_as_a_column_only() -> None:
    assert identifying_value("Fatuma") is None
    assert identifying_column("Column 7", ["Fatuma", "Halima", "Otieno", "አበበ", "محمد", "Zzyzx"]) == "name"
    assert identifying_column("Column 7", ["Isiolo", "Garissa", "Mombasa", "Hassan", "Kisumu", "Wajir"]) is None


def test_half_of_an_exact_position_is_found_under_its_heading() -> None:
    assert identifying_column("Latitude", ["2.0469", "11.5721", "9.0300"]) == "coordinates"
    assert identifying_column("Latitude", ["2.05", "11.57", "9.03"]) is None
    assert identifying_column("Rate", ["2.0469", "11.5721", "9.0300"]) is None


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in PLANTED.items() for text in texts])
def test_the_stand_in_never_carries_the_value(kind: str, text: str) -> None:
    assert hidden(text) == f"[identifying: {kind}]"


def test_the_stand_in_of_an_unknown_kind_carries_nothing_either() -> None:
    assert hidden("Zzyzx") == "[identifying: other]"


def test_no_column_of_the_published_case_data_is_identifying() -> None:
    path = SHARED / "ctdc" / "global_k_anonymised_2020_10_columns.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    headers = [header for header in rows[0] if header]
    assert len(headers) == 10
    found = {header: identifying_column(header, dict.fromkeys(row[header] for row in rows)) for header in headers}
    assert found == dict.fromkeys(headers)


def test_no_category_of_the_published_questionnaire_is_identifying() -> None:
    path = SHARED / "unodc_glotip" / "data_glotip.xlsx"
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    calamine = pytest.importorskip("python_calamine")
    rows = calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    heading = next(row for row in rows if "Category" in row)
    place = heading.index("Category")
    values = dict.fromkeys(str(row[place]) for row in rows[rows.index(heading) + 1 :])
    assert len(values) > 10
    assert identifying_column("Category", values) is None
    assert [value for value in values if identifying_value(value)] == []
