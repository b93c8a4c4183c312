# forgot to return
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    xt = bar.sqrt() * x0 + (1 - bar).sqrt() * eps
