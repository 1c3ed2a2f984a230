#!/usr/bin/env bash
# import-linter 2.16 with grimp 3.19: an acyclic_siblings contract is KEPT over two rooms that import each other when one of them
# has no __init__.py, though Python imports both; with an empty __init__.py the very same files are BROKEN. Expected:
# a folder that is imported as a package is looked at, or named as left out.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/env"
"$work/env/bin/python" -m pip -q install --disable-pip-version-check import-linter==2.16 grimp==3.19
mkdir -p "$work/house/letters" "$work/house/visits"
touch "$work/house/__init__.py" "$work/house/letters/__init__.py" "$work/house/letters/paper.py" "$work/house/visits/day.py"
echo "from house.visits import day" > "$work/house/letters/stamp.py"
echo "from house.letters import paper" > "$work/house/visits/plan.py"
cat > "$work/.importlinter" <<'P'
[importlinter]
root_package = house

[importlinter:contract:circles]
name = No circle among rooms
type = acyclic_siblings
ancestors = house
P
cd "$work"
PYTHONPATH=. env/bin/python -c "import house.letters.stamp, house.visits.plan"
look() { PYTHONPATH=. env/bin/lint-imports --no-cache 2>&1 | grep -E "No circle among rooms (KEPT|BROKEN)" || true; }
without=$(look)
touch house/visits/__init__.py
with=$(look)
echo "without __init__.py: $without"
echo "with __init__.py:    $with"
[ "$without" = "No circle among rooms KEPT" ] && [ "$with" = "No circle among rooms BROKEN" ]
