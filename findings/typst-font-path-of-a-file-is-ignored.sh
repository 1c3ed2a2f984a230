#!/usr/bin/env bash
# typst 0.15.2 (PyPI): `font_paths` takes folders only. The path of a font file is neither read nor refused: the
# document is set in another font without a word. Expected: the file's font is used, or an error.
# DejaVu Sans is taken from matplotlib 3.10.1. Seen: with the file DejaVuSans.ttf LibertinusSerif-Regular, with its folder DejaVuSans, no warning in either case.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check typst==0.15.2 pypdf==7.1.1 matplotlib==3.10.1
cat > "$work/see.py" <<'P'
import io, pathlib, sys
import typst
from pypdf import PdfReader

font = next(pathlib.Path(sys.prefix).rglob("DejaVuSans.ttf"))
source = b'#set text(font: "DejaVu Sans")\nfinding'
seen = {}
for name, path in (("file", font), ("folder", font.parent)):
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(path)])
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    pdf = compiler.compile(source, format="pdf")
    resources = PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"]
    seen[name] = sorted(font.get_object()["/BaseFont"].split("+")[-1] for font in resources.values())
print(seen)
sys.exit(0 if "DejaVuSans" in seen["folder"][0] and "DejaVu" not in seen["file"][0] else 1)
P
"$work/env/bin/python" "$work/see.py"
