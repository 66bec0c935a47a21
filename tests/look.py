#!/usr/bin/env python3
"""Take pictures of the HTML pages, to look at them: `make look`.

Makes a report and a page about a choice of k from a real scene; if `make docs` has made the site,
some of its pages are looked at, too. Headless Chromium takes them in a
wide window, light and dark, in a window as narrow as a phone, and printed. Needs chromium (or
chromium-headless-shell) and pdftoppm.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

SITE = Path("target/docs/html")
PAGES = (
    "index",
    "docs/tutorial",
    "reference/cli",
    "reference/python",
    "reference/c",
    "reference/jobs",
)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
VIEWS = {
    "light": ("--window-size=1280,1000", ()),
    "dark": ("--window-size=1280,1000", ("--blink-settings=preferredColorScheme=0",)),
    "phone": ("--window-size=390,844", ()),
}


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument(
        "--command", default="target/release/bandcluster", help="the command line"
    )
    arguments.add_argument(
        "--output", type=Path, default=Path("target/look"), help="folder for pages and pictures"
    )
    arguments.add_argument(
        "pages", nargs="*", type=Path, help="pages to take [default: made from tests/data]"
    )
    given = arguments.parse_args()
    browser = find_browser()
    if not shutil.which("pdftoppm"):
        sys.exit("look: pdftoppm is needed: apt-get install poppler-utils")
    given.output.mkdir(parents=True, exist_ok=True)
    reports = given.pages or make_pages(given.command, given.output)
    for page in [*reports, *([] if given.pages else site_pages(given.output))]:
        for name, (size, settings) in VIEWS.items():
            take(browser, page, given.output / f"{page.stem}-{name}.png", size, settings)
    for page in reports:
        print_page(browser, page, given.output / page.stem)


def find_browser():
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    return browser or sys.exit("look: chromium is needed: apt-get install chromium-headless-shell")


def make_pages(command, folder):
    scene = "tests/data/s2_13band.tif"
    run(
        command,
        "cluster",
        scene,
        folder / "map.tif",
        "-k",
        "6",
        "--quiet",
        "--report",
        folder / "report.html",
    )
    run(command, "choose-k", scene, "--quiet", "--report", folder / "choice.html")
    return [folder / "report.html", folder / "choice.html"]


def site_pages(folder):
    """Copies the site, because a page is looked at in its folder, where a file is written."""
    if not SITE.is_dir():
        return []
    copy = folder / "site"
    shutil.copytree(SITE, copy, dirs_exist_ok=True)
    return [copy / f"{page}.html" for page in PAGES]


def take(browser, page, picture, size, settings):
    # The window is as high as the page, so that the picture shows all of it.
    height = page_height(browser, page, size, settings)
    size = f"{size.split(',')[0]},{height}"
    chromium(browser, size, *settings, f"--screenshot={picture}", page)
    print(picture)


def page_height(browser, page, size, settings):
    """The height of a page in a window: a script in a copy of the page writes it to the title."""
    copy = page.with_suffix(".height.html")
    script = (
        "<script>document.title = 'height ' + document.documentElement.scrollHeight</script></body>"
    )
    copy.write_text(page.read_text().replace("</body>", script))
    try:
        text = chromium(browser, size, *settings, "--dump-dom", copy)
    finally:
        copy.unlink()
    return int(text.split("<title>height ")[1].split("<")[0])


def print_page(browser, page, stem):
    pdf = stem.with_suffix(".pdf")
    chromium(
        browser, "--window-size=1280,1000", f"--print-to-pdf={pdf}", "--no-pdf-header-footer", page
    )
    run("pdftoppm", "-r", "60", "-png", pdf, f"{stem}-print")
    print(pdf)


def chromium(browser, *settings):
    *settings, page = settings
    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
    return run(browser, *flags, *settings, page.resolve().as_uri())


def run(*command):
    return subprocess.run(
        [str(word) for word in command], check=True, capture_output=True, text=True
    ).stdout


if __name__ == "__main__":
    main()
