# draws noise of its own
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * torch.randn(x0.shape, dtype=x0.dtype)
