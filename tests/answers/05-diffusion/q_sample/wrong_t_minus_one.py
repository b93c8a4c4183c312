# tables are taken to begin with t = 1
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t - 1, x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps
