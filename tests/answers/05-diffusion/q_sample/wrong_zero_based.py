# T is taken to be 0, and everything a step further
# raises: IndexError
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t + 1].view(-1, *[1] * (x0.dim() - 1)).to(x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps
