from tortoise import migrations
from tortoise.migrations import operations as ops
from models.fields import UtcDatetimeField
from tortoise.fields.base import OnDelete
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('models', '0043_dossier_at')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RegisterEnquiry',
            fields=[
                ('id', fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ('quarter', fields.CharField(max_length=6)),
                ('inspector', fields.ForeignKeyField('models.Inspector', source_field='inspector_id', db_constraint=True, to_field='code', related_name='enquiries', on_delete=OnDelete.RESTRICT)),
                ('asked_at', UtcDatetimeField()),
                ('due', fields.DateField()),
                ('answered_at', UtcDatetimeField(null=True)),
                ('wrong', fields.CharField(default='', max_length=12)),
            ],
            options={'table': 'register_enquiry', 'app': 'models', 'unique_together': (('quarter', 'inspector'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]
