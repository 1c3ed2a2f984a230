"""A long file in pieces (Art. 14): put together they are the file, byte for byte, whatever its lines hold."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from models.rules.draw.pieces import known_targets, named, pieces, targets_file

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.lists(texts), texts, st.integers(1, 40))
def test_the_pieces_are_the_text_and_each_ends_with_a_line(rows, rest, size):
    text = "".join(f"{row}\n" for row in rows) + rest
    cut = list(pieces(text, size))
    assert "".join(cut) == text
    assert all(piece.endswith("\n") for piece in cut[:-1])
    assert all(len(piece) <= size or "\n" not in piece[:-1] for piece in cut)


def test_each_file_names_its_pieces_by_their_bytes_and_alike_ones_are_kept_once():
    long, kept = "示例\n" * 200_000, {}
    names = named([("pool.tsv", long), ("empty.tsv", ""), ("roster.tsv", long)], kept)
    assert names["pool.tsv"] == names["roster.tsv"] and names["empty.tsv"] == []
    assert "".join(kept[name] for name in names["pool.tsv"]) == long
    assert all(sha256(piece.encode()).hexdigest() == name for name, piece in kept.items())


@given(st.dictionaries(texts, st.tuples(texts, texts, texts, texts)))
def test_whom_the_ids_meant_is_read_back_from_any_piece(known):
    cut = pieces(targets_file((id, *line) for id, line in known.items()), 30)
    assert {id: tuple(line) for piece in cut for id, line in known_targets(piece).items()} == known
