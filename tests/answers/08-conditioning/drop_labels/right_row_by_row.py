def drop_labels(y, p, null, generator=None):
    rows = []
    for row, u in zip(y, torch.rand(len(y), generator=generator).tolist()):
        rows.append(torch.as_tensor(null, dtype=y.dtype) if u < p else row)
    return torch.stack(rows)
