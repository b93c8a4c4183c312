# the noise is taken off, and the rest is left small
def predict_x0(xt, t, eps, schedule):
    return xt - at((1 - schedule.alpha_bar).sqrt(), t, xt) * eps
