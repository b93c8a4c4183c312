# float32 out, whatever comes in
def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].float().view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0.float() + (1 - bar).sqrt() * eps.float()
