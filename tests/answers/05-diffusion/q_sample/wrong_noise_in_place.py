# eps is changed in place
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    eps *= (1 - bar).sqrt()
    return bar.sqrt() * x0 + eps
