# only xt is divided
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return xt / bar.sqrt() - (1 - bar).sqrt() * eps
