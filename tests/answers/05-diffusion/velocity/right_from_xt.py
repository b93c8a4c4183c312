# through xt
def velocity(x0, eps, t, schedule):
    xt = q_sample(x0, t, eps, schedule)
    bar = at(schedule.alpha_bar, t, x0)
    return (bar.sqrt() * xt - x0) / (1 - bar).sqrt()
