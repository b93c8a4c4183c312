def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].to(x0.dtype)
    out = bar.sqrt() * x0.movedim(0, -1) + (1 - bar).sqrt() * eps.movedim(0, -1)
    return out.movedim(-1, 0)
