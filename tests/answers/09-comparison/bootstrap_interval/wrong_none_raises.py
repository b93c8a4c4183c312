# no generator given: asks None for its state
# raises: AttributeError
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    state = generator.get_state()
    n = len(values)
    found = torch.stack([statistic(values[torch.randint(n, (n,), generator=generator)]) for _ in range(draws)])
    return found.quantile((1 - level) / 2).item(), found.quantile((1 + level) / 2).item()
