# multiplied by T, as for one random step
def loss_weight(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = schedule.T * (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
