"""All texts of the plugin are translated, and the translations are complete."""

import ast
import re
import string

import pytest
import translations
from bandcluster_qgis import translation
from qgis.core import QgsProcessingException, QgsProcessingFeedback, QgsSettings
from scenes import PLUGIN, read

FILES = sorted(translations.FOLDER.glob("*.ts"))
SOURCES = sorted(translations.PACKAGE.rglob("*.py"))

# Texts with spaces that users do not read, or that are the same in all languages.
NO_TEXTS = {
    r" \((\d+\.\d|< 0\.1) %\)$",
    '<table cellpadding="6">',
    '<tr><td><img src="',
    '" width="32" height="32"/></td><td><b>',
    '<a href="',
    "No module named pip",
    "No matching distribution",
    "0 - 1",
    "0 - 10000",
    "writing polygons",
    " of ",
}
# Functions and methods whose first argument is a text for the user.
SHOWING = set(
    "Refused QgsProcessingException note table warn pushInfo pushWarning setProgressText".split()
)
SHOWING |= set("reportError logMessage".split())


def chinese(text) -> bool:
    return bool(re.search("[\u4e00-\u9fff]", text))


def names_of_fields(text) -> list:
    return sorted(
        name
        for _before, name, _spec, _conversion in string.Formatter().parse(text)
        if name is not None
    )


@pytest.mark.parametrize("file", FILES, ids=translations.language_of)
def test_translations_are_complete(file):
    """After a change of a text, run plugin/translations.py and translate the texts that it adds."""
    found, messages = translations.texts(), translations.read(file)
    known = {message.text for message in messages}
    missing = [
        f"not there: {text!r} (of {', '.join(found[text])})" for text in found if text not in known
    ]
    wrong = [
        *missing,
        *(f"not used any more: {text!r}" for text in sorted(known - set(found))),
        *(
            f"not finished: {one.text!r}"
            for one in messages
            if one.text in found and not one.finished
        ),
        *(f"empty: {one.text!r}" for one in messages if one.finished and not one.translation),
        *(
            f"other fields in braces than {one.text!r}: {one.translation!r}"
            for one in messages
            if one.translation and names_of_fields(one.text) != names_of_fields(one.translation)
        ),
    ]
    assert not wrong, (
        f"run plugin/translations.py, which adds and removes texts in {file.name}; then translate"
        ' there what is type="unfinished", and delete that mark:\n' + "\n".join(wrong)
    )


def test_the_file_is_as_the_script_writes_it(tmp_path):
    """Then a change of one text changes only a few lines of the file."""
    found = translations.texts()
    for file in FILES:
        copy = tmp_path / file.name
        translations.write(copy, translations.updated(translations.read(file), found), found)
        assert copy.read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), (
            "run plugin/translations.py"
        )


def test_the_plugin_reads_what_the_script_writes():
    for file in FILES:
        expected = {
            message.text: message.translation
            for message in translations.read(file)
            if message.finished
        }
        assert translation.read_translations(file) == expected


def escaped(tree) -> list:
    """The user's texts in a source that do not go through tr().

    These are all strings of several words, and every word given to a function that shows it.
    """
    passed = set()
    for node in ast.walk(tree):
        documentation = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if documentation or translations.is_mark(node):
            passed |= set(ast.walk(node))
        for part in ("annotation", "returns", "format_spec"):
            if getattr(node, part, None) is not None:
                passed |= set(ast.walk(getattr(node, part)))

    def texts(node, pattern):
        strings = (
            one
            for one in ast.walk(node)
            if isinstance(one, ast.Constant) and isinstance(one.value, str)
        )
        return {one.value for one in strings if one not in passed and re.search(pattern, one.value)}

    found = texts(tree, r"[A-Za-z]\S*\s|\s\S*[A-Za-z]")
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args:
            name = (
                node.func.attr
                if isinstance(node.func, ast.Attribute)
                else getattr(node.func, "id", "")
            )
            if name in SHOWING:
                found |= texts(node.args[0], "[A-Za-z]{2}")
    return sorted(found - NO_TEXTS)


@pytest.mark.parametrize(
    "file", SOURCES, ids=lambda file: file.relative_to(translations.PACKAGE).as_posix()
)
def test_no_text_escapes_translation(file):
    found = escaped(ast.parse(file.read_text(encoding="utf-8")))
    assert not found, (
        f"{file.name}: put these through tr(), as in tr('{{}} is missing').format(name), or in"
        " constants through translatable(); add strings that are no texts for the user to NO_TEXTS"
        f" of this test: {found}"
    )


@pytest.mark.parametrize(
    "source",
    (
        'raise Refused(f"{name} is missing")',
        'raise Refused("missing")',
        'raise QgsProcessingException(tr("missing") + "again")',
        'what = f"{path} cannot be read"',
        'progress.note("done")',
        'return False, "no such file"',
        'feedback.pushInfo(f"read{name}")',
    ),
)
def test_an_escape_is_seen(source):
    assert escaped(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    (
        'raise Refused(tr("{} is missing").format(", ".join(names)))',
        'progress.note(f"{index:5d}  {name}")',
        'TITLE = translatable("Find classes")',
        'def f() -> "int | None":\n    "Words that document."',
        'open(path, "rb")',
    ),
)
def test_what_is_no_escape(source):
    assert not escaped(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    ('tr(f"{name} is missing")', 'tr("a" + b)', 'tr("{}".format(1))', "translatable(text)"),
)
def test_texts_that_cannot_be_found_are_refused(source):
    with pytest.raises(translations.TextError, match="line 1"):
        list(translations.texts_in(ast.parse(source), "x.py"))


def test_a_changed_text_keeps_its_old_translation_as_an_offer():
    old = [
        translations.Message("The number of bands", "波段数", True),
        translations.Message("Gone", "没了", True),
    ]
    [changed, new] = translations.updated(
        old, {"The number of the bands": ["a.py"], "Seed": ["a.py"]}
    )
    assert (changed.translation, changed.finished) == ("波段数", False)
    assert (new.translation, new.finished) == ("", False)


@pytest.mark.parametrize(
    "language, expected",
    (
        *((name, "bandcluster_zh_CN.ts") for name in ("zh_CN", "zh", "zh-Hans", "zh_SG")),
        *((name, None) for name in ("zh_TW", "zh_HK", "zh-Hant", "en_US", "ja", "C", "")),
    ),
)
def test_which_translation_is_taken(language, expected):
    file = translation.translation_file(language)
    assert (file and file.name) == expected


@pytest.fixture
def qgis_in(provider):
    """Sets another language, as QGIS's options do, and loads the plugin's texts again."""
    settings = QgsSettings()
    before = {key: settings.value(key) for key in ("locale/overrideFlag", "locale/userLocale")}

    def begin(language):
        settings.setValue("locale/overrideFlag", True)
        settings.setValue("locale/userLocale", language)
        translation._translations.cache_clear()

    yield begin
    for key, value in before.items():
        settings.remove(key) if value is None else settings.setValue(key, value)
    translation._translations.cache_clear()


def shown(algorithm) -> list:
    """Every text of an algorithm that should be in the user's language."""
    definitions = [*algorithm.parameterDefinitions(), *algorithm.outputDefinitions()]
    helped = [definition.help() for definition in algorithm.parameterDefinitions()]
    return [
        algorithm.displayName(),
        algorithm.group(),
        algorithm.shortDescription(),
        algorithm.shortHelpString(),
        *(definition.description() for definition in definitions),
        *helped,
    ]


def test_algorithms_in_chinese(provider, qgis_in):
    qgis_in("zh_CN")
    finished = set(translation.read_translations(translation.translation_file("zh_CN")).values())
    assert provider.longName() == "bandcluster：非监督分类"
    for algorithm in provider.algorithms():
        own = algorithm.create()  # makes the parameters, in the current language
        texts = shown(own)
        assert not [text for text in texts if not chinese(text)], algorithm.name()
        assert not [text for text in texts if re.search("[a-z]+ [a-z]+ [a-z]+", text)], (
            algorithm.name()
        )
        assert {True, False} == set(map(chinese, own.tags())), "in both languages"
        choices = [
            one
            for definition in own.parameterDefinitions()
            for one in getattr(definition, "options", list)()
        ]
        assert set(choices) <= finished, algorithm.name()
    assert (
        provider.algorithm("cluster").create().parameterDefinition("SEED").description()
        == "随机种子"
    )


def test_algorithms_in_english(provider, qgis_in):
    for language in ("en", "zh_TW"):
        qgis_in(language)
        for algorithm in provider.algorithms():
            assert not [
                text for text in [*shown(algorithm.create()), *algorithm.tags()] if chinese(text)
            ]
    assert (
        provider.algorithm("cluster").create().parameterDefinition("SEED").description()
        == "Random seed"
    )


def test_a_failure_in_chinese(run, qgis_in, copied, tmp_path):
    qgis_in("zh_CN")
    with pytest.raises(QgsProcessingException, match="选项“eps”不是“名称=值”的形式"):
        run("cluster", INPUT=copied("s2_train.tif"), OPTIONS="eps", OUTPUT=tmp_path / "c.tif")
    with pytest.raises(QgsProcessingException, match="类别颜色：有 2 种颜色，而类别有 4 个"):
        run("cluster", INPUT=copied("s2_train.tif"), COLORS="red,blue", OUTPUT=tmp_path / "c.tif")
    with pytest.raises(
        QgsProcessingException, match="波段权重：给出了 2 个波段权重，而波段有 4 个"
    ):
        run("cluster", INPUT=copied("s2_train.tif"), BAND_WEIGHTS="1,2", OUTPUT=tmp_path / "c.tif")


@pytest.mark.parametrize(
    "given, told",
    [
        ({"METRIC": 1, "BAND_WEIGHTS": "1,2,1,1"}, "距离度量“光谱角”不能与波段权重同用"),
        ({"METRIC": 1, "SCALING": 1}, "距离度量“光谱角”不能与波段缩放“Z-score 标准化”同用"),
        ({"ALGORITHM": 3, "BAND_WEIGHTS": "1,2,1,1"}, "波段权重不是 gmm 的选项（混合模型"),
        ({"BAND_WEIGHTS": "1,0,1,1"}, "波段权重：有一个波段权重为 0：请给出大于 0 的数"),
    ],
)
def test_refusals_of_the_search_in_chinese(run, qgis_in, copied, tmp_path, given, told):
    qgis_in("zh_CN")
    with pytest.raises(QgsProcessingException, match=told):
        run("cluster", INPUT=copied("s2_train.tif"), **given, OUTPUT=tmp_path / "c.tif")


def test_a_warning_in_chinese(run, qgis_in, copied, write, tmp_path):
    qgis_in("zh_CN")
    run("fit", INPUT=[copied("s2_train.tif")], MODEL_OUTPUT=tmp_path / "m.json")
    later, feedback = write("later.tif", read("s2_train.tif") + 1000), QgsProcessingFeedback()
    given = {"INPUT": later, "MODEL": tmp_path / "m.json", "OUTPUT": tmp_path / "p.tif"}
    run("predict", feedback, **given)
    assert "请以偏移量 -1000 重新分类" in feedback.textLog()


@pytest.fixture(params=("set in the options", "of the system"))
def chinese_qgis_process(request, qgis_process, program):
    """qgis_process for a Chinese user.

    LC_CTYPE sets the encoding of its output, whatever locales are installed.
    """
    if request.param == "of the system":
        language = {"LC_ALL": "", "LANG": "zh_CN.UTF-8", "LC_CTYPE": "C.UTF-8"}
        yield lambda *arguments: qgis_process(*arguments, **language)
        return
    [settings] = program.home.rglob("QGIS3.ini")
    before = settings.read_text(encoding="utf-8")
    settings.write_text(
        before + "\n[locale]\noverrideFlag=true\nuserLocale=zh-Hans\n", encoding="utf-8"
    )
    yield lambda *arguments: qgis_process(*arguments, LC_ALL="C.UTF-8")
    settings.write_text(before, encoding="utf-8")


def test_qgis_process_in_chinese(chinese_qgis_process, copied, folder):
    helped = chinese_qgis_process("help", "bandcluster:cluster")
    assert "随机种子" in helped.stdout, helped.stderr
    assert "影像聚类" in helped.stdout
    scene = copied("s2_train.tif")
    arguments = ["run", "bandcluster:cluster", f"--INPUT={scene}", f"--OUTPUT={folder / 'c.tif'}"]
    refused = chinese_qgis_process(*arguments, "--OPTIONS=eps")
    assert refused.returncode != 0
    assert "选项“eps”不是“名称=值”的形式" in refused.stderr
    done = chinese_qgis_process(*arguments, "--CLUSTERS=3")
    assert done.returncode == 0 and "正在读取并汇总像元" in done.stdout + done.stderr


def test_metadata_in_chinese():
    text = (PLUGIN / "bandcluster_qgis" / "metadata.txt").read_text(encoding="utf-8")
    for key in ("description", "about"):
        assert chinese(re.search(rf"^{key}\[zh_CN\]=(.+)$", text, re.MULTILINE)[1])
