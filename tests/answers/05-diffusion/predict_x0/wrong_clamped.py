# kept between -1 and 1
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return ((xt - (1 - bar).sqrt() * eps) / bar.sqrt()).clamp(-1, 1)
