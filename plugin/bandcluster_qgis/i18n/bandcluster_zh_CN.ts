<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
    <context>
        <name>bandcluster</name>
        <message>
            <location filename="../algorithms/base.py" />
            <source>classification</source>
            <translation>分类</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>unsupervised</source>
            <translation>非监督</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>clustering</source>
            <translation>聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>k-means</source>
            <translation>K均值</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>raster</source>
            <translation>栅格</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Cluster</source>
            <translation>聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <location filename="../parameters/outputs.py" />
            <source>Classes</source>
            <translation>分类图</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Quality</source>
            <translation>质量</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>{}: {}</source>
            <translation>{}：{}</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>Results also hold:</source>
            <translation>结果还包括：</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>The number of classes is {number}; choose one from 1 to {largest}</source>
            <translation>类别数为 {number}；请选择 1 到 {largest} 之间的数</translation>
        </message>
        <message>
            <location filename="../algorithms/base.py" />
            <source>cancelled</source>
            <translation>已取消</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>low</source>
            <translation>低</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>medium</source>
            <translation>中</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>high</source>
            <translation>高</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Choose the number of classes</source>
            <translation>选择类别数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>elbow</source>
            <translation>肘部法</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>silhouette</source>
            <translation>轮廓系数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>number of clusters</source>
            <translation>聚类数</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Recommends a number of classes for a scene.
Finds classes for every number in a range, and measures how well they are apart: silhouette and Calinski-Harabasz (the higher the better), Davies-Bouldin (the lower the better), and stability: whether the starts find the same classes (1: they do). Recommended is the number with the least sum of ranks by the first three, among those that are stable. The log says how sure that is. Scenes whose classes blend into each other have no right number: look at the maps, too. A Processing model can feed the number into 'Cluster a scene'.</source>
            <translation>为一景影像推荐类别数。
对范围内的每个类别数都做一次聚类，并衡量各类别分得有多开：轮廓系数和 Calinski-Harabasz 指数（越高越好）、Davies-Bouldin 指数（越低越好），以及稳定性：多次不同的初始化是否得到相同的类别（1 表示完全相同）。在稳定的类别数中，推荐前三项指标名次之和最小的一个。日志会说明这一推荐有多可靠。如果影像中的类别逐渐过渡、没有明显界线，就不存在“正确”的类别数：请同时查看分类图。在处理模型中，可以把得到的类别数传给“影像聚类”。</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>the least number of classes, {least}, is above the largest, {largest}; exchange them</source>
            <translation>最小类别数 {least} 大于最大类别数 {largest}；请把两者对调</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>Recommended: {number} classes; certainty: {certainty}. {reason}</source>
            <translation>推荐：{number} 个类别；可靠程度：{certainty}。{reason}</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>stability</source>
            <translation>稳定性</translation>
        </message>
        <message>
            <location filename="../algorithms/choosek.py" />
            <source>     k        inertia  silhouette  Calinski-Harabasz  Davies-Bouldin  {last:&gt;9s}</source>
            <translation>     k           惯量    轮廓系数  Calinski-Harabasz  Davies-Bouldin  {last:&gt;9s}</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>Cluster a scene</source>
            <translation>影像聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>isodata</source>
            <translation>isodata</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>segment</source>
            <translation>分割</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>land cover</source>
            <translation>土地覆盖</translation>
        </message>
        <message>
            <location filename="../algorithms/cluster.py" />
            <source>Groups the pixels of a scene into classes by their values in all bands, and makes a map of the classes.
Classes are numbered by size, the largest is 1; 0 is nodata. They are coloured like the scene where its bands tell what is red, green and blue. Save the model to give other scenes the same classes with 'Apply classes'.</source>
            <translation>根据像元在所有波段上的值，把影像的像元归为若干类别，并生成分类图。
类别按大小编号，最大的为 1；0 为无数据。如果能从波段信息得知红、绿、蓝波段，类别就采用与影像相近的颜色。保存模型后，可以用“应用类别”为其他影像赋予同样的类别。</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>Find classes</source>
            <translation>提取类别</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>train</source>
            <translation>训练</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/predict.py" />
            <location filename="../algorithms/stylefromlayer.py" />
            <source>model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>mosaic</source>
            <translation>镶嵌</translation>
        </message>
        <message>
            <location filename="../algorithms/fit.py" />
            <source>Finds classes in one scene, or in several together, and saves them as a model.
Maps of the scenes go into a folder, if you choose one. Give the model to 'Apply classes' to label other scenes with the same bands.</source>
            <translation>在一景影像或多景影像中一并寻找类别，并保存为模型。
如果选择了文件夹，会为各景影像生成分类图。把模型交给“应用类别”，即可为波段相同的其他影像分类。</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>{title}: {number} is no size; give a number</source>
            <translation>{title}：{number} 不是有效的大小；请给出一个数</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>{}: '{}' is not a number, or several with commas between them</source>
            <translation>{}：“{}”不是一个数，也不是用英文逗号隔开的多个数</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>there are {masks} masks for {scenes} scenes; give one mask for each scene, or none</source>
            <translation>有 {masks} 个掩膜，却有 {scenes} 景影像；请为每景影像各给一个掩膜，或者都不给</translation>
        </message>
        <message>
            <location filename="../algorithms/given.py" />
            <source>the option '{}' is not name=value, such as linkage=average</source>
            <translation>选项“{}”不是“名称=值”的形式，正确的例子：linkage=average</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>Merge and name classes</source>
            <translation>合并与命名类别</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>merge</source>
            <translation>合并</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>combine</source>
            <translation>组合</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <location filename="../algorithms/stylefromlayer.py" />
            <source>rename</source>
            <translation>重命名</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>recode</source>
            <translation>重编码</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>reclassify</source>
            <translation>重分类</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>Makes several classes of a model one, and names classes.
The new model gives the merged classes to any scene ('Apply classes'). A map of the old classes is relabelled without the scene. Merged classes are numbered anew, the largest is 1; the log tells the pairs. Where classes are only named, their numbers stay.</source>
            <translation>把模型的若干类别合并为一个，并为类别命名。
新模型可以把合并后的类别用于任何影像（“应用类别”）。已有的旧分类图无需影像即可重新标注。合并后的类别会重新编号，最大的为 1；日志给出新旧编号的对应关系。如果只是命名，编号保持不变。</translation>
        </message>
        <message>
            <location filename="../algorithms/mergeclasses.py" />
            <source>a map of the old classes (LABELS) and its output (OUTPUT) go together; give both</source>
            <translation>旧分类图（LABELS）及其输出（OUTPUT）必须同时给出</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>Open a Sentinel-2 product</source>
            <translation>打开 Sentinel-2 产品</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>Sentinel-2</source>
            <translation>哨兵二号</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>SAFE</source>
            <translation>SAFE</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>L1C</source>
            <translation>L1C</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>L2A</source>
            <translation>L2A</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>clouds</source>
            <translation>云</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>SCL</source>
            <translation>SCL</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>bands</source>
            <translation>波段</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <location filename="../algorithms/stackbands.py" />
            <source>stack</source>
            <translation>波段叠加</translation>
        </message>
        <message>
            <location filename="../algorithms/openproduct.py" />
            <source>Makes one layer of the bands of a Sentinel-2 product (L1C or L2A), in natural colours.
Bands keep their names, and what their samples mean (scale and offset). They are brought to the pixels of the finest of them. The layer is a small virtual raster that reads the product's own files: keep them where they are. Clouds can be left out of everything that is done with the layer.</source>
            <translation>把 Sentinel-2 产品（L1C 或 L2A）的波段合成一个图层，以自然色显示。
波段保留其名称，以及像元值的含义（缩放系数和偏移量），并重采样到其中最精细波段的像元。该图层是一个小的虚拟栅格，直接读取产品自身的文件：请勿移动这些文件。可以让此后对该图层的一切处理都排除云。</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{} (and see the other warning: both are to be undone at once)</source>
            <translation>{}（另见另一条警告：两者须同时纠正）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's values look {difference:g} higher than those the model was fitted on, as Sentinel-2 products do since processing baseline 04.00, which the scene seems to be of: label it again with OFFSET {offset:g}</source>
            <translation>影像的值似乎比模型训练数据高 {difference:g}；Sentinel-2 产品自处理基线 04.00 起如此，该影像似乎属于这种产品：请以 OFFSET {offset:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's values look {difference:g} lower than those the model was fitted on, whose scene seems to be a Sentinel-2 product of processing baseline 04.00 or later: label it again with OFFSET {offset:g}</source>
            <translation>影像的值似乎比模型训练数据低 {difference:g}；模型所用的影像似乎是处理基线 04.00 或更新的 Sentinel-2 产品：请以 OFFSET {offset:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene looks like reflectance of {scene}, the model was fitted on {trained}: label it again with SCALE {scale:g}</source>
            <translation>影像的值似乎是 {scene} 的反射率，而模型是用 {trained} 的数据得到的：请以 SCALE {scale:g} 重新分类</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene's bands look as if they were in another order (model = place among those read: {pairs}): label it again with the bands (BANDS) in this order: {order}</source>
            <translation>影像波段的顺序似乎不同（模型波段 = 在所读波段中的位置：{pairs}）：请按此顺序选择波段（BANDS）重新分类：{order}</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the scene differs from what the model was fitted on: its bands moved by {moved:.1f} standard deviations on average, and {far:.0%} of its pixels lie farther from their class than 99 % of the training pixels do; look at the map before trusting it, or fit on both scenes together</source>
            <translation>影像与模型的训练数据不同：各波段平均偏移 {moved:.1f} 个标准差，{far:.0%} 的像元与其类别的距离大于 99 % 的训练像元；使用前请先检查分类图，或用两景影像一起提取类别</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>the centres still moved when the most iterations, {}, were reached; give more (max_iter among the OPTIONS)</source>
            <translation>达到最大迭代次数 {} 时类别中心仍在移动；请增加次数（OPTIONS 中的 max_iter）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{memory} MiB of memory were asked for, and this takes up to {needed} MiB; give more (MEMORY)</source>
            <translation>设定的内存为 {memory} MiB，而此项工作最多需要 {needed} MiB；请增大（MEMORY）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{memory} MiB of memory were asked for, and this machine has {total} MiB; leave some for other programs (MEMORY)</source>
            <translation>设定的内存为 {memory} MiB，而本机共有 {total} MiB；请为其他程序留出一些（MEMORY）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: band {number} is an alpha band and is used as a mask; choose the bands if it holds data</source>
            <translation>{scene}：波段 {number} 是 Alpha 波段，将用作掩膜；如果其中是数据，请自行选择波段</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the values of SCL are classes, which have no distances; choose the other bands, or leave out clouds by it</source>
            <translation>{scene}：SCL 的值是类别，类别之间没有距离可言；请选择其他波段，或用它去除云</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: {bands} has a palette; where values are classes, they have no distances</source>
            <translation>{scene}：{bands} 带有调色板；如果其中的值是类别，则它们之间没有距离可言</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the bands have different scales or offsets ({bands}), and are compared by their samples as stored; z-scores (Scaling) let them count alike</source>
            <translation>{scene}：各波段的比例系数或偏移不同（{bands}），比较时采用存储的像元值；用 z 分数（缩放）可使各波段同等计入</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the samples are brought to those of {like}, as the scale and offset of both say</source>
            <translation>{scene}：按双方的比例系数和偏移，像元值已换算为 {like} 的像元值</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: scale or offset are not those of {like}, and not all bands of both have them: the samples are used as stored</source>
            <translation>{scene}：比例系数或偏移与 {like} 的不同，且并非双方所有波段都注明：采用存储的像元值</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>{scene}: the file does not say which pixels are without data, so the model's no-data value is used: {values} (NODATA none: nothing is)</source>
            <translation>{scene}：文件没有说明哪些像元无数据，因此采用模型的无数据值：{values}（NODATA 设为 none 则不采用）</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>no pixel of {scene} is valid (none has a value in {bands}); check its no-data values, mask and area of interest</source>
            <translation>{scene} 没有有效像元（{bands} 中没有任何值）；请检查其无数据值、掩膜和感兴趣区</translation>
        </message>
        <message>
            <location filename="../algorithms/outcome.py" />
            <source>no pixel of {scene} is valid; check its no-data values, mask and area of interest</source>
            <translation>{scene} 没有有效像元；请检查其无数据值、掩膜和感兴趣区</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Apply classes</source>
            <translation>应用类别</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>predict</source>
            <translation>预测</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>label</source>
            <translation>标注</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>neighbour</source>
            <translation>相邻影像</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Labels a scene with the classes of a model, so that its map matches that of the scene the model comes from.
The scene must have the model's bands, in the same units. Where none are chosen, they are found by the names that the model keeps; where the bands have no names, all are taken in their order, and the log tells the pairs. The log warns where the scene looks shifted, scaled, in another order of bands, or unlike what the model was fitted on.</source>
            <translation>用模型的类别标注一景影像，使其分类图与模型来源影像的分类图一致。
影像必须具有模型的各个波段，且单位相同。如果没有选择波段，则按模型中保存的波段名称查找；如果波段没有名称，则按顺序使用全部波段，并在日志中给出对应关系。如果影像看起来有偏移、经过缩放、波段顺序不同，或与训练模型所用的影像差别很大，日志会给出警告。</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>{scene}: the bands are paired with the model's by position, not by name: {pairs}. If that is wrong, choose the bands</source>
            <translation>{scene}：波段是按位置而不是按名称与模型的波段对应的：{pairs}。如果不对，请自行选择波段</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>{scene}: the samples are brought to those of the model, as the scale and offset of both say: {bands}</source>
            <translation>{scene}：已按影像与模型各自的缩放系数和偏移量，把像元值换算为模型的像元值：{bands}</translation>
        </message>
        <message>
            <location filename="../algorithms/predict.py" />
            <source>Bands moved by {moved:.2f} standard deviations on average; {far:.1%} of the pixels are unusually far. Median and standard deviations that each band moved by:</source>
            <translation>各波段平均移动了 {moved:.2f} 个标准差；{far:.1%} 的像元与各类别异常远。各波段中位数的移动量和移动的标准差数：</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Reading and summarising the pixels</source>
            <translation>正在读取并汇总像元</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Clustering</source>
            <translation>正在聚类</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Refining the class centres</source>
            <translation>正在精化类别中心</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing the classes</source>
            <translation>正在写出类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing the merged classes</source>
            <translation>正在写出合并后的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Filtering: each pixel takes the most frequent class around it</source>
            <translation>正在滤波：每个像元取其周围出现最多的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Sieving: small patches take the class of their largest neighbour</source>
            <translation>正在筛除：小图斑并入相邻最大图斑的类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Measuring the classes</source>
            <translation>正在统计各类别</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Writing polygons</source>
            <translation>正在写出多边形</translation>
        </message>
        <message>
            <location filename="../algorithms/progress.py" />
            <source>Drawing the report</source>
            <translation>正在绘制报告</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Stack bands of several files</source>
            <translation>将多个文件的波段叠加为一个图层</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>layer stack</source>
            <translation>波段叠加</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Landsat</source>
            <translation>Landsat</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>JP2</source>
            <translation>JP2</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>resample</source>
            <translation>重采样</translation>
        </message>
        <message>
            <location filename="../algorithms/stackbands.py" />
            <source>Makes one layer of the bands of several files, such as the JP2 files of 10, 20 and 60 m of a Sentinel-2 scene or the bands of a Landsat scene.
Bands without a name are called after their files: B08 where the file's name says so. All are brought to the pixels of the finest of them, over the ground that all show. The layer is a small virtual raster that reads the files themselves: keep them where they are.</source>
            <translation>将多个文件的波段合成一个图层，例如一景 Sentinel-2 影像的 10、20 和 60 米 JP2 文件，或一景 Landsat 影像的各波段。
没有名称的波段以其文件命名：文件名中含有波段名时即用该名（如 B08）。所有波段都重采样到其中最精细的像元，范围为各文件共同覆盖的地面。该图层是一个小型虚拟栅格，直接读取这些文件：请勿移动它们。</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>Names and colours from a layer</source>
            <translation>从图层获取名称和颜色</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>style</source>
            <translation>样式</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>legend</source>
            <translation>图例</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>symbology</source>
            <translation>符号化</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>colour</source>
            <translation>颜色</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>Takes the names and colours of classes, as edited in a layer's symbology, back into the model.
Maps that are made with the new model have them, too. The layer is a map of the model's classes, shown as Paletted/Unique values.</source>
            <translation>把在图层符号化中编辑过的类别名称和颜色写回模型。
用新模型生成的分类图也会带有这些名称和颜色。该图层应是用此模型生成的分类图，并以“调色板/唯一值”方式显示。</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>QGIS cannot load {} as a raster layer; choose another raster</source>
            <translation>QGIS 无法将 {} 加载为栅格图层；请另选一个栅格</translation>
        </message>
        <message>
            <location filename="../algorithms/stylefromlayer.py" />
            <source>the layer has the value {value:g}, and those of the model are 1 to {largest}; choose the model it was made with</source>
            <translation>图层中有值 {value:g}，而模型的值是 1 到 {largest}；请选择生成该图层的模型</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>A Sentinel-2 product as it was fetched? Makes one layer of its bands, without its clouds if you like.</source>
            <translation>手头是下载得到的 Sentinel-2 产品？把它的波段合成一个图层，需要时可去除其中的云。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>The bands are in files of their own, of different pixels perhaps? Makes one layer of them.</source>
            <translation>各波段分别存放在单独的文件中，像元大小也许不同？将它们合成一个图层。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>How many classes has the scene? Tries several numbers on all pixels and recommends one.</source>
            <translation>影像应分为几类？用全部像元尝试多个类别数，并推荐其中一个。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>The main job: finds the classes and makes a map of them. Ask for a report to see what each class is, and for the model to use the classes again.</source>
            <translation>主要工作：找出类别并生成分类图。可输出报告以了解各类别是什么，输出模型以便再次使用这些类别。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Two classes are one on the ground, or need a name? Says so to the model and to the map.</source>
            <translation>有两个类别其实是同一种地物，或需要命名？在这里同时修改模型和分类图。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>You named and coloured the classes in the layer's styling? Takes that into the model.</source>
            <translation>已经在图层样式中修改了类别的名称和颜色？把它们写回模型。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Gives the same classes to the neighbouring scene, or to next year's, and warns if they do not fit.</source>
            <translation>把相同的类别应用于相邻影像或下一年的影像；若不适用则给出警告。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Finds the classes of several scenes at once, for a mosaic whose parts match.</source>
            <translation>从多景影像中一次性提取类别，使镶嵌图各部分一致。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Pixels are compared by their values in all bands: choose bands that tell, and leave out those that do not.</source>
            <translation>像元按其在所有波段的值进行比较：请选择有区分力的波段，去掉无用的波段。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Nodata and masked pixels stay nodata (0). Clouds become a class of their own unless a mask leaves them out.</source>
            <translation>无数据像元和被掩膜的像元保持为无数据 (0)。若不用掩膜排除，云会单独成为一类。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>The same input, settings and seed give the same map, on any computer.</source>
            <translation>输入、设置和随机种子相同，在任何计算机上得到的分类图都相同。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Every algorithm can be run in batch, in the model designer, and by qgis_process.</source>
            <translation>每个算法都可以批量运行，也可以在模型设计器和 qgis_process 中运行。</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <location filename="../plugin.py" />
            <source>bandcluster: first steps</source>
            <translation>bandcluster：入门</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>From a satellite image to a map of classes</source>
            <translation>从卫星影像到分类图</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Open a scene with several bands. Then, from here or from the Processing toolbox:</source>
            <translation>打开一景多波段影像，然后从这里或从处理工具箱运行：</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>Good to know</source>
            <translation>须知</translation>
        </message>
        <message>
            <location filename="../first_steps.py" />
            <source>This page is in the menu Help, Plugins.</source>
            <translation>本页可从菜单“帮助 &gt; 插件”中再次打开。</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>there is no layer {} for the area of interest; choose a layer of polygons</source>
            <translation>没有可作感兴趣区的图层 {}；请选择多边形图层</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>the area of interest {area} has {count} features and no polygons; choose a layer of polygons, and select some if only selected ones are to be used</source>
            <translation>感兴趣区 {area} 有 {count} 个要素，但没有多边形；请选择多边形图层；如果只使用选中的要素，请先选中一些</translation>
        </message>
        <message>
            <location filename="../layers/area.py" />
            <source>the area of interest cannot be written to {path}: {why}</source>
            <translation>无法把兴趣区写入 {path}：{why}</translation>
        </message>
        <message>
            <location filename="../layers/legend.py" />
            <source>the layer {} is not shown as Paletted/Unique values; choose that in its symbology</source>
            <translation>图层 {} 不是以“调色板/唯一值”方式显示的；请在其符号化中选择这种方式</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the layers have different no-data values of their own; set the no-data value (NODATA) for all of them</source>
            <translation>各图层设定的无数据值不同；请为所有图层设定无数据值（NODATA）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the bands of {} have different no-data values of the layer's; set the no-data value (NODATA)</source>
            <translation>图层 {} 各波段设定的无数据值不同；请设定无数据值（NODATA）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>the layer {layer} has several no-data values ({values}), and one for each band can be used; set it (NODATA), or write the layer with one (Translate)</source>
            <translation>图层 {layer} 有多个无数据值（{values}），而每个波段只能使用一个；请设定无数据值（NODATA），或把图层另存为只有一个无数据值的文件（转换工具 Translate）</translation>
        </message>
        <message>
            <location filename="../layers/nodata.py" />
            <source>No-data value: '{}' is not a number; give a number such as 0, or one for each band with commas</source>
            <translation>无数据值：“{}”不是数；请给出一个数（如 0），或以逗号分隔为每个波段各给一个</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>{}: nothing is chosen; choose a raster</source>
            <translation>{}：没有选择任何内容；请选择栅格</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>there is no file or layer {}; choose an existing raster</source>
            <translation>没有名为 {} 的文件或图层；请选择存在的栅格</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>{} is not a raster layer; choose a raster layer or file</source>
            <translation>{} 不是栅格图层；请选择栅格图层或文件</translation>
        </message>
        <message>
            <location filename="../layers/rasters.py" />
            <source>the layer {layer} comes from '{provider}', and only what GDAL reads can be used; export the layer to a GeoTIFF first</source>
            <translation>图层 {layer} 来自“{provider}”，而这里只能使用 GDAL 可读取的数据；请先把该图层导出为 GeoTIFF</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Model</source>
            <translation>模型</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A model file written by 'Cluster a scene' or 'Find classes'.</source>
            <translation>由“影像聚类”或“提取类别”写出的模型文件。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Like this model</source>
            <translation>沿用此模型</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The model of an earlier fit on the same bands: classes that are most like its own get their numbers, names and colours, so that maps keep their legend. New classes follow after; those that are not found keep their place for the next time.</source>
            <translation>以前用相同波段得到的模型：与其最相似的类别沿用它的编号、名称和颜色，从而使各幅分类图的图例保持一致。新的类别排在其后；没有找到的类别保留其位置，供下次使用。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Classes to merge</source>
            <translation>要合并的类别</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The name of a merged class and the values of its parts, with semicolons between several: water=1,3; crops=2,5. A single value is only named: forest=4. Classes that are not mentioned stay.</source>
            <translation>合并后类别的名称及其各组成部分的值，多个之间用英文分号隔开：water=1,3; crops=2,5。只有一个值时仅为其命名：forest=4。没有提到的类别保持不变。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Map of the old classes</source>
            <translation>旧分类图</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A map that was made with the model, to be relabelled without the scene.</source>
            <translation>用该模型生成的分类图，无需影像即可重新标注。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Map of the merged classes</source>
            <translation>合并后的分类图</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The map under the new values, 1 for the largest class; 0 is nodata. A GeoTIFF with colours and names.</source>
            <translation>采用新值的分类图，最大的类别为 1；0 为无数据。GeoTIFF 格式，带有颜色和名称。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Styled layer</source>
            <translation>设好样式的图层</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>A map of the model's classes, whose symbology (Paletted/Unique values) has the names and colours wanted.</source>
            <translation>用该模型生成的分类图，其符号化（“调色板/唯一值”）中有所需的名称和颜色。</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>Number of classes of the new model</source>
            <translation>新模型的类别数</translation>
        </message>
        <message>
            <location filename="../parameters/classes.py" />
            <source>The new value of each old one, such as 1=2,2=1,3=2</source>
            <translation>每个旧值对应的新值，例如 1=2,2=1,3=2</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Largest distance from a class</source>
            <translation>与类别的最大距离</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Pixels farther than this from their class (in the units of the bands, after scaling if there is any) are unclassified, which is a label of its own. Not set: every pixel gets its nearest class.</source>
            <translation>与所属类别的距离大于此值的像元（以波段的单位计；如有缩放，则以缩放后的单位计）视为未分类，未分类有单独的标签值。不设置：每个像元都取最近的类别。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Quantile of distances</source>
            <translation>距离分位数</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>The same with a radius for each class: the distance within which this part of its training pixels lies, such as 0.99.</source>
            <translation>作用相同，但每个类别有各自的半径：在该距离之内的训练像元达到此比例，例如 0.99。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Colours of the classes</source>
            <translation>类别颜色</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>One for each class, from the largest: black,#ff0000,green. Or palette:NAME for any number of classes: okabe-ito, tol-bright, tol-muted, tab10, set2, paired, viridis, plasma, cividis, turbo. Empty: those of the scene, or of the model.</source>
            <translation>从最大的类别开始，每个类别一种颜色：black,#ff0000,green。也可以用 palette:名称，适用于任意类别数：okabe-ito、tol-bright、tol-muted、tab10、set2、paired、viridis、plasma、cividis、turbo。留空：使用影像或模型的颜色。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Majority filter: window in pixels</source>
            <translation>多数滤波：窗口大小（像元）</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Every pixel takes the class that is most frequent in a window around it: odd, such as 3. 0: no filter.</source>
            <translation>每个像元取其周围窗口内出现最多的类别：窗口为奇数，例如 3。0 表示不滤波。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Sieve: least size of a patch in pixels</source>
            <translation>筛除：图斑的最小像元数</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Smaller patches take the class of their largest neighbour, after the majority filter. 0: no sieve.</source>
            <translation>更小的图斑并入相邻最大图斑的类别，在多数滤波之后进行。0 表示不筛除。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Creation options</source>
            <translation>创建选项</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>GDAL's creation options of the map, such as COMPRESS=ZSTD|BLOCKXSIZE=256. Those that would change its values, its colours or its place are refused. Empty: tiled, compressed by DEFLATE.</source>
            <translation>地图文件的 GDAL 创建选项，例如 COMPRESS=ZSTD|BLOCKXSIZE=256。会改变像元值、颜色或位置的选项会被拒绝。留空：分块存储，用 DEFLATE 压缩。</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>Polygons</source>
            <translation>多边形</translation>
        </message>
        <message>
            <location filename="../parameters/maps.py" />
            <source>The patches of the map as polygons, with value, name, area in hectares and colour of their class.</source>
            <translation>分类图的图斑，以多边形表示，带有所属类别的值、名称、颜色以及以公顷计的面积。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Virtual rasters (*.vrt)</source>
            <translation>虚拟栅格 (*.vrt)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Product</source>
            <translation>产品</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Sentinel-2 products (MTD_MSIL1C.xml MTD_MSIL2A.xml *.zip *.ZIP)</source>
            <translation>Sentinel-2 产品 (MTD_MSIL1C.xml MTD_MSIL2A.xml *.zip *.ZIP)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>All files (*)</source>
            <translation>所有文件 (*)</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The zip as it was fetched, or the file MTD_MSIL1C.xml or MTD_MSIL2A.xml in a .SAFE folder. The name of the folder can be typed, too.</source>
            <translation>下载得到的 zip 压缩包，或 .SAFE 文件夹中的 MTD_MSIL1C.xml 或 MTD_MSIL2A.xml 文件；也可以直接输入文件夹的名称。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Bands (none chosen: those of 10 m)</source>
            <translation>波段（不选：10 米波段）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The names of the bands, in the order wanted, with commas between them, such as B04,B03,B02,B08,B11. None chosen: B02, B03, B04 and B08.</source>
            <translation>按所需顺序给出波段名称，以逗号分隔，例如 B04,B03,B02,B08,B11。不选：B02、B03、B04 和 B08。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Size of a pixel (m)</source>
            <translation>像元大小（米）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>What all bands are resampled to, in metres. Not set: the pixels of the finest band. Coarser bands are interpolated between their pixels, finer ones averaged.</source>
            <translation>所有波段重采样后的像元大小，以米为单位。不设置：采用最精细波段的像元。较粗的波段在像元之间插值，较细的取平均。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The bands as one layer: a virtual raster (.vrt), which only points to the files of the product.</source>
            <translation>由各波段组成的一个图层：虚拟栅格 (.vrt)，它只指向产品自身的文件。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Files of bands</source>
            <translation>波段文件</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The layers or files whose bands are wanted, in this order: all bands of each, of a Sentinel-2 product those of 10 m. Their pixels may be of different sizes; they show the same ground in one coordinate reference system.</source>
            <translation>需要其波段的图层或文件，按此顺序，取每个文件的全部波段；Sentinel-2 产品则取其 10 米波段。像元大小可以不同；它们须以同一坐标参照系覆盖同一地面。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Size of a pixel (units of the coordinate reference system)</source>
            <translation>像元大小（坐标参照系单位）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>What all bands are resampled to, mostly in metres. Not set: the pixels of the finest band. Coarser bands are interpolated between their pixels, finer ones averaged.</source>
            <translation>所有波段重采样到的像元大小，通常以米为单位。未设置：采用最精细波段的像元。较粗的波段在像元之间内插，较细的波段取平均。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <location filename="../parameters/scenes.py" />
            <source>Leave out clouds (SCL)</source>
            <translation>排除云（SCL）</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Takes the scene classification of Sentinel-2 L2A, which must be among the files (..._SCL_20m.jp2) or in a product, as a mask and not as a band: leaves out clouds, their shadows, cirrus, saturated pixels and those without data.</source>
            <translation>将 Sentinel-2 L2A 的场景分类（须在所选文件之中，..._SCL_20m.jp2，或在产品之内）用作掩膜而非波段：剔除云、云影、卷云、饱和像元和无数据像元。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>The bands as one layer: a virtual raster (.vrt), which only points to the files.</source>
            <translation>合成一个图层的各波段：虚拟栅格（.vrt），仅指向这些文件。</translation>
        </message>
        <message>
            <location filename="../parameters/opening.py" />
            <source>Scene</source>
            <translation>影像</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The class of each pixel, 1 for the largest; 0 is nodata. A GeoTIFF with colours, class names and areas.</source>
            <translation>每个像元的类别，最大的类别为 1；0 为无数据。GeoTIFF 格式，带有颜色、类别名称和面积。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Confidence</source>
            <translation>置信度</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>How sure each pixel's class is: from 0, where another class is as near, to 1, in the centre of the class. A GeoTIFF.</source>
            <translation>每个像元的类别有多可靠：从 0（另一类别同样近）到 1（位于类别中心）。GeoTIFF 格式。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Model file</source>
            <translation>模型文件</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>The model as a JSON file, with which other scenes get the same classes.</source>
            <translation>JSON 格式的模型文件，可以用它为其他影像赋予同样的类别。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Folder for maps of the scenes</source>
            <translation>各景影像分类图的文件夹</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>A map of each scene, called like it: SCENE.tif. The classes are the same in all, so that they make one mosaic.</source>
            <translation>每景影像一幅分类图，与影像同名：SCENE.tif。各图的类别相同，因此可以镶嵌成一幅。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>A page with charts of the measures, for a web browser.</source>
            <translation>带有各项指标图表的网页，用浏览器打开。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>A page for a web browser: the map, the classes with their spectral signatures, which of them are hard to tell apart, and how to do it again.</source>
            <translation>用浏览器打开的网页：分类图、各类别及其光谱特征曲线、哪些类别难以区分，以及如何重新运行。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Memory (MiB)</source>
            <translation>内存（MiB）</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>How much memory the work may take, in MiB. More makes large scenes faster; less makes the summary of the pixels coarser, which may change classes a little.</source>
            <translation>可使用的内存，单位 MiB。内存较多时大影像处理更快；较少时像元的汇总较粗，类别可能略有变化。</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Inertia: sum of squared distances of the pixels to their class means</source>
            <translation>惯量（簇内平方和）：像元到其类别均值的距离平方和</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Number of iterations</source>
            <translation>迭代次数</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Recommended number of classes</source>
            <translation>推荐的类别数</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Number of pixels that are not nodata</source>
            <translation>有效像元数（不含无数据像元）</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Drift: by how many standard deviations the bands moved since the model was fitted</source>
            <translation>漂移：自模型训练以来各波段移动了多少个标准差</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>Report</source>
            <translation>报告</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>HTML files (*.html)</source>
            <translation>HTML 文件 (*.html)</translation>
        </message>
        <message>
            <location filename="../parameters/outputs.py" />
            <source>bandcluster models (*.json)</source>
            <translation>bandcluster 模型 (*.json)</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Input raster</source>
            <translation>输入栅格</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The scene: a raster of one band or more, any type and size. Its nodata values and mask are respected. A Sentinel-2 product (its .SAFE folder, zip or MTD_MSIL...xml) is taken, too: its bands of 10 m, or those that a model asks for by name. 'Open a Sentinel-2 product' shows it, and gives it other bands.</source>
            <translation>影像：一个或多个波段的栅格，类型和大小不限。会遵循其无数据值和掩膜。也可以是 Sentinel-2 产品（.SAFE 文件夹、zip 或 MTD_MSIL...xml）：取其 10 米波段，或模型按名称要求的波段。“打开 Sentinel-2 产品”可以显示它，并选用其他波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Input rasters</source>
            <translation>输入栅格（可多个）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>One scene or several; the classes are found in all of them together. The sizes may differ. Sentinel-2 products (.SAFE folder, zip or MTD_MSIL...xml) are taken, too: their bands of 10 m.</source>
            <translation>一景或多景影像；类别由所有影像一并得出。大小可以不同。也可以是 Sentinel-2 产品（.SAFE 文件夹、zip 或 MTD_MSIL...xml）：取其 10 米波段。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Bands (none chosen: all)</source>
            <translation>波段（不选：全部）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The bands to use, in this order. None chosen: all of them (but an alpha band).</source>
            <translation>要使用的波段，按此顺序。不选：全部波段（Alpha 波段除外）。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Bands (none chosen: those of the model)</source>
            <translation>波段（不选：模型的波段）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The bands to use, in the order of the model's. None chosen: those with the names that the model keeps; where the bands have no names, all of them in their order (but an alpha band).</source>
            <translation>要使用的波段，按模型的波段顺序。不选：使用与模型中保存的名称相同的波段；如果波段没有名称，则按顺序使用全部波段（Alpha 波段除外）。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>No-data value</source>
            <translation>无数据值</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>The value that marks pixels without data, such as 0 or -9999: one number for all bands, or one for each with commas between them; none for a band without such a value. Empty: as the layer has it, with its additional no-data value; where classes are applied to a layer that has none, the model's.</source>
            <translation>表示像元无数据的值，如 0 或 -9999：所有波段共用一个数，或以逗号分隔为每个波段各给一个；没有这种值的波段写 none。留空：按图层的设定，包括其附加无数据值；应用类别时，若图层没有无数据值，则采用模型的。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Mask</source>
            <translation>掩膜</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>A raster of the same size: pixels where it is 0 or has no data are left out.</source>
            <translation>同样大小的栅格：值为 0 或无数据的像元不参与计算。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Masks</source>
            <translation>掩膜（可多个）</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>None, or one raster for each scene, of its size and in the same order: pixels where it is 0 are left out.</source>
            <translation>不给，或为每景影像各给一个大小相同的栅格，顺序与影像一致：值为 0 的像元不参与计算。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Of Sentinel-2 L2A products: leaves out clouds, their shadows, cirrus, saturated pixels and those without data, by the scene classification (classes 0, 1, 3, 8, 9 and 10 of the band SCL).</source>
            <translation>用于 Sentinel-2 L2A 产品：依据场景分类（SCL 波段的 0、1、3、8、9 和 10 类）排除云、云影、卷云、饱和像元和无数据像元。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Area of interest</source>
            <translation>感兴趣区</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>A layer of polygons, in any reference system: pixels with their centre in none of them are left out. Of several scenes it limits all.</source>
            <translation>多边形图层，坐标参照系不限：中心不在任何多边形内的像元不参与计算。有多景影像时，对每一景都起作用。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Scale</source>
            <translation>缩放系数</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>What to multiply the samples with before they meet the model: one number for all bands, or one for each with commas between them, such as 10000 for reflectance from 0 to 1. Scale and offset both empty: as the scene's own and the model's say, where both have them; 1 and 0: nothing is done.</source>
            <translation>在用模型分类之前，像元值要乘以的数：所有波段用一个数，或者每个波段一个数，以逗号分隔，例如 0 到 1 的反射率用 10000。缩放系数和偏移量都为空：如果影像和模型都说明了各自的缩放系数和偏移量，就据此换算；1 和 0：不作换算。</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>Offset</source>
            <translation>偏移量</translation>
        </message>
        <message>
            <location filename="../parameters/scenes.py" />
            <source>What to add to the samples after that, such as -1000 for Sentinel-2 products of processing baseline 04.00 (since 2022) where the model comes from an older one.</source>
            <translation>在此之后再给像元值加上此数；例如对于处理基线为 04.00（2022 年起）的 Sentinel-2 产品，而模型来自更早的产品时，用 -1000。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>K-means</source>
            <translation>K均值（K-means）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Bisecting k-means</source>
            <translation>二分K均值（Bisecting k-means）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>ISODATA</source>
            <translation>ISODATA</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Gaussian mixture</source>
            <translation>高斯混合模型（GMM）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Agglomerative</source>
            <translation>层次聚类（凝聚式）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>BIRCH</source>
            <translation>BIRCH</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>DBSCAN</source>
            <translation>DBSCAN</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>OPTICS</source>
            <translation>OPTICS</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>HDBSCAN</source>
            <translation>HDBSCAN</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Mean shift</source>
            <translation>均值漂移（Mean shift）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Spectral</source>
            <translation>谱聚类（Spectral）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Affinity propagation</source>
            <translation>近邻传播（Affinity propagation）</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Number of classes</source>
            <translation>类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How many classes to find. ISODATA begins with so many; DBSCAN, OPTICS, HDBSCAN, mean shift and affinity propagation find the number themselves.</source>
            <translation>要找出多少个类别。ISODATA 以此为初始类别数；DBSCAN、OPTICS、HDBSCAN、均值漂移和近邻传播会自行确定类别数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Algorithm</source>
            <translation>算法</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How classes are found. K-means: each pixel belongs to the class whose mean is nearest. The others work on a few thousand representatives of the pixels; each pixel gets the class of the nearest one.</source>
            <translation>如何找出类别。K均值：每个像元属于均值与其最近的类别。其他算法在几千个像元代表点上计算；每个像元取最近代表点的类别。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Options of the algorithm</source>
            <translation>算法选项</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Other options by scikit-learn's names, with commas between them, such as: linkage=average, n_representatives=3000. The project's page on algorithms lists them.</source>
            <translation>其他选项，使用 scikit-learn 的名称，之间用英文逗号隔开，例如：linkage=average, n_representatives=3000。本项目的算法文档列出了全部选项。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>What is fitted. Of Gaussian mixtures the Bayesian information criterion decides; of k-means see above.</source>
            <translation>用哪种算法聚类。高斯混合模型按贝叶斯信息准则（BIC）决定；K均值的依据见上文。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Least number of classes</source>
            <translation>最小类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The least number of classes to try.</source>
            <translation>要尝试的最小类别数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Largest number of classes</source>
            <translation>最大类别数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The largest number of classes to try. If this one is recommended, try larger ones, too.</source>
            <translation>要尝试的最大类别数。如果推荐的正是这个数，请再尝试更大的数。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Scaling of the bands</source>
            <translation>波段缩放</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>None</source>
            <translation>无</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Z-score</source>
            <translation>Z-score 标准化</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Z-score gives every band the same weight: for bands with different units or ranges.</source>
            <translation>Z-score 标准化使每个波段的权重相同：适用于单位或取值范围不同的波段。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Metric</source>
            <translation>距离度量</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Euclidean</source>
            <translation>欧氏距离</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Spectral angle</source>
            <translation>光谱角</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>How K-means compares pixels. Spectral angle: by the angle between their spectra, so that brightness (sun, slope, shade) does not count; without scaling.</source>
            <translation>K均值如何比较像元。光谱角：按光谱之间的夹角比较，因此不受亮度（日照、坡度、阴影）影响；不能同时使用缩放。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Number of starts</source>
            <translation>初始化次数</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>K-means (and its bisecting kind) runs this many times from different starting centres; the best result is kept.</source>
            <translation>K均值（及二分K均值）从不同的初始中心运行这么多次，保留最好的结果。</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>Random seed</source>
            <translation>随机种子</translation>
        </message>
        <message>
            <location filename="../parameters/search.py" />
            <source>The same seed gives the same classes, on any computer and any number of cores.</source>
            <translation>种子相同，得到的类别就相同，与计算机和处理器核数无关。</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>another bandcluster provider is registered already; disable one of the two plugins</source>
            <translation>已经注册了另一个 bandcluster 算法提供者；请停用两个插件中的一个</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>The algorithms are in the Processing toolbox.</source>
            <translation>算法在处理工具箱中。</translation>
        </message>
        <message>
            <location filename="../plugin.py" />
            <source>First steps</source>
            <translation>入门</translation>
        </message>
        <message>
            <location filename="../provider.py" />
            <source>bandcluster: unsupervised classification</source>
            <translation>bandcluster：非监督分类</translation>
        </message>
    </context>
</TS>
