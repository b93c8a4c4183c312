# xt in place of the velocity
def velocity(x0, eps, t, schedule):
    return q_sample(x0, t, eps, schedule)
