# right for images alone
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].view(-1, 1, 1, 1).to(x0.dtype)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps
