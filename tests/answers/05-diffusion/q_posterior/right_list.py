# a list in place of a tuple
def q_posterior(x0, xt, t, schedule):
    bar = schedule.alpha_bar[t]
    before = schedule.alpha_bar[t - 1]
    for _ in x0.shape[1:]:
        bar, before = bar.unsqueeze(-1), before.unsqueeze(-1)
    alpha = bar / before
    mean = (before.sqrt() * (1 - alpha) * x0 + alpha.sqrt() * (1 - before) * xt) / (1 - bar)
    return [mean.to(x0), ((1 - before) / (1 - bar) * (1 - alpha)).to(x0)]
