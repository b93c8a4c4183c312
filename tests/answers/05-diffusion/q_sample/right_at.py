def q_sample(x0, t, eps, schedule):
    mean = at(schedule.alpha_bar.sqrt(), t, x0) * x0
    return mean + at((1 - schedule.alpha_bar).sqrt(), t, x0) * eps
