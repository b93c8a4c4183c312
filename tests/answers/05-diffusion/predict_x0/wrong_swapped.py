# the two roots are swapped
def predict_x0(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - bar.sqrt() * eps) / (1 - bar).sqrt()
