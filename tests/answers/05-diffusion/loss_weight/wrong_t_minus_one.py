# the weight of the step before, as if tables began with t = 1
def loss_weight(t, schedule, predicts="eps"):
    t = t - 1
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
