# the change from one step to the next
def velocity(x0, eps, t, schedule):
    xt = q_sample(x0, t, eps, schedule)
    bar = at(schedule.alpha_bar, t - 1, x0)
    return xt - (bar.sqrt() * x0 + (1 - bar).sqrt() * eps)
