# kept between -1 and 1, as images are
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return (bar.sqrt() * x0 + (1 - bar).sqrt() * eps).clamp(-1, 1)
