"""Captions and the pictures they speak of."""

import pytest
import torch
from torch.testing import assert_close

from dgm.data.captions import (
    COLOURS,
    JITTER,
    OBJECTS,
    PHRASES,
    PLACES,
    all_scenes,
    captioned_images,
    captions,
    cut_out,
    draw_scenes,
    held_out,
    looks_like,
    render,
    scene,
    tokenizer,
)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def clothes():
    """Two items of each class: grey squares of 20 by 20, as bright as their class is high."""
    y = torch.arange(10).repeat(2)
    x = -torch.ones(20, 1, 28, 28)
    x[:, :, 4:24, 4:24] = (0.1 * y - 0.3)[:, None, None, None]
    x[10:, :, 4:24, 4:24] += 0.05
    return x, y


def test_training_and_held_out_scenes_are_all_and_share_none():
    seen, unseen = all_scenes(), all_scenes(seen=False)
    assert (len(seen), len(unseen)) == (200, 40)
    assert len({*map(tuple, seen.tolist())} | {*map(tuple, unseen.tolist())}) == 8 * 6 * 5
    assert not held_out(seen).any()
    assert held_out(unseen).all()
    pairs = {(o, c) for o, c, _ in seen.tolist()} & {(o, c) for o, c, _ in unseen.tolist()}
    assert not pairs, "a held-out pair is held out at every place"


def test_every_attribute_is_seen_and_every_object_misses_one_colour():
    seen, unseen = all_scenes(), all_scenes(seen=False)
    for i, n in enumerate((8, 6, 5)):
        assert seen[:, i].unique().tolist() == list(range(n)) == unseen[:, i].unique().tolist()
    assert len(seen[:, 1:].unique(dim=0)) == 30, "every colour at every place"
    assert len(seen[:, ::2].unique(dim=0)) == 40, "every object at every place"
    assert torch.bincount(unseen[::5, 0]).tolist() == [1] * 8


def test_held_out_scenes_never_appear_in_training():
    x, y = clothes()
    _, scenes, texts = captioned_images(x, y, 2000, generator=seeded())
    assert not held_out(scenes).any()
    forbidden = {(list(OBJECTS)[o], list(COLOURS)[c]) for o, c, _ in all_scenes(False).tolist()}
    for text in texts:
        words = text.split()
        assert not any(o in words and c in words for o, c in forbidden), text
    _, scenes, _ = captioned_images(x, y, 200, seen=False, generator=seeded())
    assert held_out(scenes).all()


def test_all_scenes_are_drawn_alike():
    scenes = draw_scenes(20_000, generator=seeded())
    _, counts = scenes.unique(dim=0, return_counts=True)
    assert len(counts) == 200
    chi = ((counts - 100.0) ** 2 / 100).sum()
    assert abs(chi - 199) < 4 * (2 * 199) ** 0.5


def test_a_scene_by_name():
    assert scene("bag", "red", "top left").tolist() == [6, 0, 0]
    with pytest.raises(ValueError, match="'hat' is not known, wanted one of: t-shirt, trousers"):
        scene("hat", "red", "top left")


def test_captions_by_hand():
    one = scene("bag", "red", "top left").expand(200, 3)
    assert set(captions(one, seeded())) == {
        "bag in red at the top left",
        "at the top left bag in red",
        "a red bag at the top left",
        "at the top left a red bag",
    }
    assert "red trousers at the center" in captions(
        scene("trousers", "red", "center").expand(50, 3), seeded()
    )


def test_every_caption_is_words_that_the_tokenizer_knows():
    tokens = tokenizer()
    scenes = torch.cat([all_scenes(), all_scenes(False)])
    for seed in range(len(PHRASES)):
        texts = captions(scenes, seeded(seed))
        assert tokens.decode(tokens.encode(texts)) == texts
        for text, (o, c, p) in zip(texts, scenes.tolist(), strict=True):
            for name in (list(OBJECTS)[o], list(COLOURS)[c], list(PLACES)[p]):
                assert f" {name} " in f" {text} "
    used = {
        word
        for seed in range(9)
        for text in captions(scenes, seeded(seed))
        for word in text.split()
    }
    assert used == set(tokens.words)


def test_everything_is_the_generators():
    x, y = clothes()
    a, b, c = (captioned_images(x, y, 50, generator=seeded(s)) for s in (1, 1, 2))
    assert torch.equal(a[0], b[0])
    assert torch.equal(a[1], b[1])
    assert a[2] == b[2]
    assert not torch.equal(a[0], c[0])
    assert a[2] != c[2]


def test_items_are_of_the_objects_and_all_items_are_used():
    x, y = clothes()
    images, scenes, _ = captioned_images(x, y, 1000, generator=seeded())
    bright = (images.amax((1, 2, 3)) + 1) / 2
    top = torch.tensor(list(COLOURS.values())).amax(1)[scenes[:, 1]]
    label = torch.tensor(list(OBJECTS.values()))[scenes[:, 0]]
    plain = (0.1 * label - 0.3 + 1) / 2
    second = (bright / top - plain) / 0.025
    assert_close(second, second.round(), atol=1e-3, rtol=0)
    assert second.round().unique().tolist() == [0.0, 1.0]
    assert 0.4 < second.mean() < 0.6


def test_a_picture_by_hand():
    item = torch.ones(40, 1, 28, 28)
    item[:, :, :, 14:] = 0  # half as bright
    scenes = scene("bag", "green", "bottom left").expand(40, 3)
    images = render(item, scenes, seeded())
    corners = set()
    for image in images:
        lit = (image[1] > -1).nonzero()
        (row, column), (last_row, last_column) = lit.amin(0).tolist(), lit.amax(0).tolist()
        assert (last_row - row, last_column - column) == (13, 13)
        corners.add((row, column))
        light = (image + 1) / 2
        assert_close(light[:, row, column], torch.tensor(COLOURS["green"]))
        assert_close(light[:, row, column + 7], torch.tensor(COLOURS["green"]) / 2)
        rest = image.clone()
        rest[:, row : row + 14, column : column + 14] = -1
        assert (rest == -1).all()
    top, left = PLACES["bottom left"]
    steps = range(-JITTER, JITTER + 1)
    assert corners == {(top + i, left + j) for i in steps for j in steps}


def test_colour_and_place_are_read_off():
    scenes = torch.cat([all_scenes(), all_scenes(False)])
    items = clothes()[0][[8]].expand(len(scenes), -1, -1, -1)
    images = render(items, scenes, seeded())
    assert torch.equal(looks_like(images), scenes[:, 1:])
    assert torch.equal(looks_like(images + 0.05 * torch.randn(images.shape)), scenes[:, 1:])
    assert looks_like(-torch.ones(1, 3, 28, 28)).shape == (1, 2)


def test_an_item_is_cut_out_again():
    item = torch.full((5, 1, 28, 28), 0.4)
    scenes = torch.stack([torch.zeros(5).long(), torch.arange(5), torch.arange(5)], 1)
    images = render(item, scenes, seeded())
    out = cut_out(images, scenes[:, 2])
    assert out.shape == (5, 1, 28, 28)
    top = torch.tensor(list(COLOURS.values())).amax(1)[:5]
    assert_close(out[:, 0, 14, 14], 1.4 * top - 1)
    other = cut_out(images, (scenes[:, 2] + 1) % 5)
    assert (other.mean((1, 2, 3)) < out.mean((1, 2, 3)) - 0.2).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_scenes(0), "n is 0, wanted 1 or more"),
        (lambda: captions(torch.tensor([[0, 6, 0]])), r"wanted 0 to \[7, 5, 4\]"),
        (lambda: captions(torch.tensor([[-1, 0, 0]])), "object, colour, place"),
        (lambda: captions(torch.tensor([0, 0, 0])), r"wanted \(n, 3\)"),
        (lambda: render(torch.ones(2, 1, 28, 28), all_scenes()[:3]), "n=2 from items"),
        (lambda: render(torch.ones(1, 1, 14, 14), all_scenes()[:1]), r"wanted \(n, 1, 28, 28\)"),
        (
            lambda: captioned_images(torch.ones(2, 1, 28, 28), torch.tensor([0, 1]), 50),
            "y has no item of class 3, dress",
        ),
        (lambda: looks_like(torch.ones(1, 1, 28, 28)), r"wanted \(n, 3, 28, 28\)"),
        (lambda: cut_out(torch.ones(1, 3, 28, 28), torch.tensor([5])), "wanted 0 to 4"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
