# x0 is changed in place
def q_sample(x0, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, x0)
    return x0.mul_(bar.sqrt()).add_((1 - bar).sqrt() * eps)
