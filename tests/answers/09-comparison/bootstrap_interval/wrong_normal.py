# 1.96 standard errors, and no draws
def bootstrap_interval(values, level=0.95, draws=2000, generator=None, statistic=torch.mean):
    error = values.std() / len(values) ** 0.5
    z = torch.distributions.Normal(0.0, 1.0).icdf(torch.tensor((1 + level) / 2))
    return (values.mean() - z * error).item(), (values.mean() + z * error).item()
