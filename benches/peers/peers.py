"""Our rendering beside what people would use instead: same records, same layout, one run on one machine.

Called by benches/peers.sh, which builds our side and makes the plans. Every document is another child's (the first name
differs throughout), so that no program can give the same answer twice. Wall time and memory (the peak of the
proportional set sizes of all processes, looked at every 50 ms) include starting the program.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FONTS = ROOT / "templates/fonts"


def descendants(pid):
    found, waiting = [], [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        try:
            for task in os.listdir(f"/proc/{one}/task"):
                waiting += map(int, Path(f"/proc/{one}/task/{task}/children").read_text().split())
        except OSError:
            pass
    return found


def pss(pid):
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


class Watch:
    """The peak memory of a process and all that it starts."""

    def __init__(self, pid):
        self.pid, self.peak, self.on = pid, 0.0, True
        self.thread = threading.Thread(target=self.look, daemon=True)
        self.thread.start()

    def look(self):
        while self.on:
            self.peak = max(self.peak, sum(map(pss, descendants(self.pid))))
            time.sleep(0.05)

    def end(self):
        self.on = False
        self.thread.join()
        return self.peak


def measured(name, command, documents, out):
    """Runs one contestant to its end."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    started = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watch = Watch(child.pid)
    status = child.wait()
    seconds, memory = time.monotonic() - started, watch.end()
    if status != 0:
        sys.exit(f"{name} ended with {status}")
    files = sorted(out.glob("*.pdf"))
    if len(files) != documents:
        sys.exit(f"{name} made {len(files)} documents instead of {documents}")
    size = sum(f.stat().st_size for f in files) / len(files) / 1024
    line = {"name": name, "seconds": seconds, "ms": 1000 * seconds / documents, "rate": documents / seconds, "mb": memory, "kb": size}
    print(f"{name:42} {line['rate']:8.1f}/s {line['ms']:9.1f} ms {memory:7.0f} MB {size:7.0f} KB", file=sys.stderr)
    return line


def page_of(view):
    import jinja2

    loader = jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), autoescape=True)
    return loader.get_template("plan.html.j2").render(fonts=FONTS.as_uri(), **view)


def views(file):
    return [json.loads(line) for line in Path(file).read_text().splitlines()]


def make_views(one, count, file):
    """The same plan for so many children."""
    text = Path(one).read_text()
    assert "Maya" in text
    name = lambda n: "Maya" + "".join(chr(ord("a") + n // 26**i % 26) for i in range(3))
    Path(file).write_text("".join(json.dumps(json.loads(text.replace("Maya", name(n)))) + "\n" for n in range(count)))


def typst_root(folder):
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "templates/documents", folder)


# What each contestant's own process does.


def act_typst_command(file, out, *flags):
    root = out.parent / "typst-root"
    typst_root(root)
    for n, view in enumerate(views(file)):
        (root / "data.json").write_text(json.dumps(view))
        command = [os.environ.get("TYPST", "typst"), "compile", *flags, "--pdf-standard", "ua-1,a-2a", "--font-path", FONTS]
        subprocess.run([*command, "--root", root, root / "ifsp/main.typ", out / f"{n}.pdf"], check=True)


def act_typst_package(file, out):
    import typst

    root = out.parent / "typst-package-root"
    typst_root(root)
    for n, view in enumerate(views(file)):
        (root / "data.json").write_text(json.dumps(view))
        typst.compile(
            str(root / "ifsp/main.typ"),
            output=str(out / f"{n}.pdf"),
            root=str(root),
            font_paths=[str(FONTS)],
            ignore_system_fonts=True,
            pdf_standards=["ua-1", "a-2a"],
        )


def act_weasyprint(file, out):
    import weasyprint

    for n, view in enumerate(views(file)):
        weasyprint.HTML(string=page_of(view)).write_pdf(out / f"{n}.pdf", pdf_variant="pdf/ua-1")


def act_chromium_tab(file, out):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        for n, view in enumerate(views(file)):
            source = out.parent / "tab.html"
            source.write_text(page_of(view))
            page.goto(source.as_uri())
            page.pdf(path=out / f"{n}.pdf", prefer_css_page_size=True, tagged=True, outline=True)
        browser.close()


def act_chromium_process(file, out):
    for n, view in enumerate(views(file)):
        source = out.parent / "process.html"
        source.write_text(page_of(view))
        command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer", "--generate-pdf-document-outline"]
        subprocess.run([*command, f"--print-to-pdf={out / f'{n}.pdf'}", source.as_uri()], check=True, stderr=subprocess.DEVNULL)


def act_libreoffice(file, out):
    """A mail merge: the merged letters are written first, then one LibreOffice prints them all."""
    merged = out.parent / "merged"
    shutil.rmtree(merged, ignore_errors=True)
    merged.mkdir()
    for n, view in enumerate(views(file)):
        (merged / f"{n}.html").write_text(page_of(view))
    command = ["soffice", f"-env:UserInstallation={(out.parent / 'office').as_uri()}", "--headless", "--infilter=HTML (StarWriter)"]
    subprocess.run([*command, "--convert-to", "pdf:writer_pdf_Export", "--outdir", out, *sorted(merged.iterdir())], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def act_typst_swaks(file, out, port):
    """What an IT person would write: a shell loop that typesets and mails."""
    root = out.parent / "swaks-root"
    typst_root(root)
    for n, view in enumerate(views(file)):
        (root / "data.json").write_text(json.dumps(view))
        pdf = out / f"{n}.pdf"
        command = [os.environ.get("TYPST", "typst"), "compile", "--ignore-system-fonts", "--pdf-standard", "ua-1,a-2a"]
        subprocess.run([*command, "--font-path", FONTS, "--root", root, root / "ifsp/main.typ", pdf], check=True)
        subprocess.run(
            ["swaks", "--silent", "3", "--server", f"127.0.0.1:{port}", "--from", "program@example.org", "--to", "family@example.org",
             "--header", "Subject: Papers for you", "--body", "A paper is attached.", "--attach-type", "application/pdf", "--attach", f"@{pdf}"],
            check=True,
        )


def table(lines):
    ours = lines[0]["ms"]
    rows = ["| program | documents/s | ms a document | ours is faster by | peak MB | KB a file |", "| --- | --- | --- | --- | --- | --- |"]
    for line in lines:
        rows.append(f"| {line['name']} | {line['rate']:.1f} | {line['ms']:.1f} | {line['ms'] / ours:.1f} | {line['mb']:.0f} | {line['kb']:.0f} |")
    return "\n".join(rows)


def plot(lines, file):
    """Bars of milliseconds a document, on a logarithmic scale from 10 ms to 10 s."""
    from math import log10

    row, left, width = 34, 330, 520
    place = lambda ms: left + width * min(max(log10(ms) - 1, 0), 3) / 3
    parts = []
    for n, ms in enumerate((10, 100, 1000, 10000)):
        parts.append(f'<path d="M{place(ms):.0f} 30V{40 + row * len(lines)}" stroke="#a9bbc0"/><text x="{place(ms):.0f}" y="20" text-anchor="middle">{ms} ms</text>')
    for n, line in enumerate(lines):
        y, fill = 40 + row * n, "#0b4f5c" if n == 0 else "#5d7d85"
        parts.append(f'<text x="{left - 10}" y="{y + 17}" text-anchor="end">{line["name"]}</text>')
        parts.append(f'<rect x="{left}" y="{y}" width="{place(line["ms"]) - left:.0f}" height="24" fill="{fill}"/>')
        parts.append(f'<text x="{place(line["ms"]) + 8:.0f}" y="{y + 17}">{line["ms"]:.0f}</text>')
    size = f'width="{left + width + 70}" height="{50 + row * len(lines)}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} font-family="sans-serif" font-size="14" role="img">'
    title = "<title>Milliseconds for one six-page plan, by program</title>"
    Path(file).write_text(head + title + "".join(parts) + "</svg>\n")


def main(one, work, ours, count, port):
    work, count = Path(work), int(count)
    file = work / "views.ndjson"
    make_views(one, count, file)
    python = lambda act, *rest: [sys.executable, __file__, act, file, work / "out", *map(str, rest)]
    contestants = [
        ("Earlypost, one thread", [ours, "loop", "ours", file, work / "out"], count),
        ("bare Typst loop, one thread", [ours, "loop", "bare", file, work / "out"], count),
        ("typst command line, system fonts left out", python("typst_command", "--ignore-system-fonts"), count),
        ("typst command line, as installed", python("typst_command"), count),
        ("typst Python package", python("typst_package"), count),
        ("Chromium, one warm tab", python("chromium_tab"), count),
        ("WeasyPrint", python("weasyprint"), count),
        ("LibreOffice, one process for all", python("libreoffice"), count),
        ("Chromium, a process a document", python("chromium_process"), count),
        ("typst and swaks in a loop, mailed", python("typst_swaks", port), count),
    ]
    lines = [measured(name, command, documents, work / "out") for name, command, documents in contestants]
    print(table(lines))
    plot(lines, HERE / "peers.svg")


if __name__ == "__main__":
    act = globals().get(f"act_{sys.argv[1]}")
    if act:
        act(sys.argv[2], Path(sys.argv[3]), *sys.argv[4:])
    else:
        main(*sys.argv[1:])
