# all of eps is taken off
def predict_x0(xt, t, eps, schedule):
    return (xt - eps) / at(schedule.alpha_bar, t, xt).sqrt()
