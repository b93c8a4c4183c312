# the variance in place of the standard deviation
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 + (1 - bar) * eps
