def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    picks = torch.randint(len(values), (draws, len(values)), generator=generator)
    rows = values[picks]
    found = rows.mean(1) if statistic is torch.mean else torch.stack([statistic(r) for r in rows])
    tail = 0.5 - level / 2
    return tuple(found.quantile(torch.tensor([tail, 1 - tail], dtype=found.dtype)).tolist())
